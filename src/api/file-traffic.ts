/** Bounds the files that are on their way at once, in and out, so that slow or many callers can't take all memory. */
import { streamOf } from '../record/files/stream.ts';
import { ApiException } from './errors.ts';
import { createQuota } from './rates.ts';
import { fileMemory } from './memory-budget.ts';
import { countersOf } from '../site-limits/client-keys.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** Who sends or reads a file: the client's address, and the submission it belongs to. */
export interface FileCaller {
  address: string;
  submission: string;
}

/** The bytes of one body, counted as they come. */
export interface BytesSent {
  /** Refuses them where the address has sent too many. */
  add(bytes: number): void;
  /** Gives back those that were announced and have not come. */
  end(): void;
}

export interface FileTraffic {
  /**
   * Begins to count the bytes of files that an address sends in one body. Refuses more than one address may send in a day:
   * here where they are announced, else as soon as too many have come.
   * @param announced how many bytes will come, where that is known
   */
  count(address: string, announced: number | undefined): BytesSent;
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
  const ofAddress = createAddressCounter(SITE_LIMITS.filesOnTheirWayPerAddress.value);
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
    count(address, announced = 0) {
      if (!daily) return { add: () => undefined, end: () => undefined };
      let taken = 0;
      let sent = 0;
      const take = (bytes: number) => {
        const waitMs = ofDay.take(address, bytes);
        if (waitMs > 0)
          throw new ApiException({ code: 'rate_limited', message: TOO_MUCH, retryAfter: Math.ceil(waitMs / 1_000) });
        taken += bytes;
      };
      if (announced > 0) take(announced);
      return {
        add(bytes) {
          if (sent + bytes > taken) take(sent + bytes - taken);
          sent += bytes;
        },
        end: () => ofDay.giveBack(address, taken - sent),
      };
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

type Counter = <T>(key: string, run: () => Promise<T>) => Promise<T>;

/** Runs at most `most` at once for each address, and some times as many for its IPv6 network. */
function createAddressCounter(most: number): Counter {
  const countersFor = countersOf((times) => createCounter(most * times), SITE_LIMITS.networkTimesAtOnce.value);
  return (address, run) =>
    countersFor(address).reduce(
      (inner, { key, counter }) =>
        () =>
          counter(key, inner),
      run,
    )();
}

/** Runs at most `most` at once for each key. */
function createCounter(most: number): Counter {
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
