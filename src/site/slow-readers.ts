/** Bounds the answers that wait in memory because their readers do not take them. */
import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** Texts up to this length in characters stay texts, which is faster. The kernel takes as much at once. */
const SHORT_TEXT = 16_384;

/** A response whose `writableLength` counts bytes. Node counts the characters of a text, and each may have three bytes. */
export class CountedResponse extends ServerResponse {
  /** When it was complete. Its bytes may still wait for the reader. */
  completeAt?: number;

  override end(...given: unknown[]): this {
    const [body, ...more] = given;
    const counted = typeof body === 'string' && body.length > SHORT_TEXT ? Buffer.from(body) : body;
    this.completeAt = performance.now();
    // Node would keep an unread body until the client has taken the answer. It may have a thousand pieces.
    if (this.req.readableFlowing === null) this.req.resume();
    return (super.end as (...given: unknown[]) => this).call(this, counted, ...more);
  }
}

export interface UnreadBounds {
  /** Of all connections together. */
  unreadBytes?: number;
  /** The time in which the reader takes an answer that is complete. */
  unreadMs?: number;
}

interface Reader {
  /** The bytes that the kernel has taken for it, ever. */
  taken: number;
  /** The bytes that it takes between two looks, as an average in which older looks count less. */
  pace: number;
}

/** The looks that the average is made of, mostly: ten seconds. A phone takes an answer in lumps, some seconds apart. */
const LOOKS_OF_PACE = 40;

/** The looks that a new reader seems to need for all: 20 seconds. Readers who are faster go before it, and those who stop after it. */
const LOOKS_OF_NEW = 80;

/**
 * Looks at the readers, and returns the connections to close: those whose answer waits for too long, and those that need
 * the longest to read theirs, so that the others have at most `unreadBytes`. Of new ones, the largest come first.
 * Addresses don't matter here: many honest readers share one, and strangers have many. A stranger who wants to hold memory
 * has to read it as fast as others.
 * Call it several times a second. Bytes that the kernel has taken don't count, since no program can see them.
 * @param unanswered the responses of each open connection
 */
export type FindSlowReaders = (
  unanswered: Iterable<readonly [Socket, readonly CountedResponse[]]>,
) => readonly Socket[];

export function slowReaderFinder({
  unreadBytes: maxBytes = SITE_LIMITS.unreadAnswerBytes.value,
  unreadMs: maxMs = SITE_LIMITS.unreadMs.value,
}: UnreadBounds = {}): FindSlowReaders {
  const readers = new WeakMap<Socket, Reader>();

  /** @returns the looks in which it will have taken `bytes` */
  function looksLeft(socket: Socket, bytes: number): number {
    const taken = takenBytes(socket);
    const before = readers.get(socket);
    if (!before) {
      readers.set(socket, { taken, pace: bytes / LOOKS_OF_NEW });
      return LOOKS_OF_NEW;
    }
    const pace = before.pace + (taken - before.taken - before.pace) / LOOKS_OF_PACE;
    readers.set(socket, { taken, pace });
    return bytes / pace;
  }

  return (unanswered) => {
    const now = performance.now();
    const found: Socket[] = [];
    const waiting: { socket: Socket; bytes: number; left: number }[] = [];
    let total = 0;
    for (const [socket, responses] of unanswered) {
      const bytes = responses.length && unreadBytes(socket, responses);
      if (!bytes) {
        readers.delete(socket);
      } else if (now - (responses[0]?.completeAt ?? now) >= maxMs) {
        found.push(socket);
      } else {
        waiting.push({ socket, bytes, left: looksLeft(socket, bytes) });
        total += bytes;
      }
    }
    if (total <= maxBytes) return found;
    for (const { socket, bytes } of waiting.sort((a, b) => b.left - a.left || b.bytes - a.bytes)) {
      if (total <= maxBytes) break;
      total -= bytes;
      found.push(socket);
    }
    return found;
  };
}

/** The bytes that a connection keeps in memory. Later answers wait beside the socket for their turn. */
const unreadBytes = (socket: Socket, responses: readonly CountedResponse[]): number =>
  responses.reduce((bytes, one) => bytes + (one.socket ? 0 : one.writableLength), socket.writableLength);

/** Node has no public way to see how much of one large write the kernel has taken so far. */
function takenBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { bytesWritten: number; writeQueueSize: number } };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}
