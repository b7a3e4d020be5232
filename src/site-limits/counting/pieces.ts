import { SITE_LIMITS } from '../site-limits.ts';

/**
 * Whether a body has come in more pieces than a normal client sends. Each piece costs some microseconds and some
 * hundred bytes of memory, and a sender may make one of each byte (RFC 9112, 7.1).
 */
export const inTooManyPieces = (pieces: number, bytes: number): boolean =>
  pieces > SITE_LIMITS.bodyPieces.value + bytes / SITE_LIMITS.bytesPerPiece.value;
