import { SITE_LIMITS } from '../site-limits.ts';

/**
 * Whether a body has come in more pieces than a normal client sends. Each piece costs some microseconds and some
 * hundred bytes of memory, and a sender may make one of each byte (RFC 9112, 7.1).
 */
export const inTooManyPieces = (pieces: number, bytes: number): boolean =>
  pieces > SITE_LIMITS.bodyPieces.value + bytes / SITE_LIMITS.bytesPerPiece.value;

/** So many pieces of a body may be in memory as they came. Each takes some hundred bytes beside its own. */
export const PIECES_APART = 32;

/** Adds a piece of a body, and joins the pieces once there are many. */
export function addPiece(pieces: Uint8Array[], piece: Uint8Array): void {
  if (pieces.push(piece) >= PIECES_APART) pieces.splice(0, pieces.length, joinPieces(pieces));
}

/** The pieces of a body as one. */
export const joinPieces = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
