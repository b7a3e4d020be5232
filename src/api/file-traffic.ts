/** Bounds the files that are on their way at once, in and out, so that slow or many callers can't take all memory. */
import { streamOf } from '../record/files/stream.ts';
import { ApiException } from './errors.ts';
import { createQuota } from './rates.ts';
import { fileMemory } from './memory-budget.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** Who sends or reads a file: the client's address, and the submission it belongs to. */
export interface FileCaller {
  address: string;
  submission: string;
}

export interface FileTraffic {
  /** Counts bytes of files that an address sends. Refuses more than one address may send in a day. */
  count(address: string, bytes: number): Promise<void>;
  /** Runs `run`, which takes in a file as it arrives. Refuses it where too many files are on their way. */
  receive<T>(caller: FileCaller, run: () => Promise<T>): Promise<T>;
  /**
   * The body of an answer with the bytes of `chunks`, read only as fast as the caller takes them. Refuses it where too many
   * files are on their way, and breaks the answer off after the longest time that a file may take.
   */
  send(caller: FileCaller, chunks: AsyncGenerator<Uint8Array>): Promise<ReadableStream>;
}

/** @param daily whether the bytes of an address are bounded each day */
export function createFileTraffic(daily: boolean): FileTraffic {
  const ofDay = createQuota(SITE_LIMITS.fileBytesPerAddressAndDay.value);
  const ofAddress = createCounter(SITE_LIMITS.filesOnTheirWayPerAddress.value);
  const ofSubmission = createCounter(SITE_LIMITS.filesOnTheirWayPerSubmission.value);

  const receive: FileTraffic['receive'] = ({ address, submission }, run) =>
    ofAddress(address, () =>
      ofSubmission(submission, () =>
        fileMemory((hold) => {
          hold(SITE_LIMITS.memoryPerFileBytes.value);
          return run();
        }),
      ),
    );

  return {
    async count(address, bytes) {
      if (!daily) return;
      const waitMs = ofDay.wait(address);
      if (waitMs > 0)
        throw new ApiException({ code: 'rate_limited', message: TOO_MUCH, retryAfter: Math.ceil(waitMs / 1_000) });
      ofDay.add(address, bytes);
    },
    receive,
    send(caller, chunks) {
      return new Promise((answer, refuse) => {
        // Holds its place until the answer has ended, however that comes about.
        const reading = (ended: () => void) => answer(streamOf(chunks, { maxMs: SITE_LIMITS.fileReadMs.value, ended }));
        receive(caller, () => new Promise<void>(reading)).catch(refuse);
      });
    },
  };
}

const TOO_MUCH = 'This network has reached its limit of files for today. Try again tomorrow, or from another network.';

/** Runs at most `most` at once for each key. */
function createCounter(most: number): <T>(key: string, run: () => Promise<T>) => Promise<T> {
  const counts = new Map<string, number>();
  return async (key, run) => {
    const count = counts.get(key) ?? 0;
    if (count >= most) throw new ApiException({ code: 'rate_limited', message: TOO_MANY, retryAfter: 5 });
    counts.set(key, count + 1);
    try {
      return await run();
    } finally {
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    }
  };
}

const TOO_MANY = 'Too many of your files are uploading or downloading. Wait for some to finish, then try again.';
