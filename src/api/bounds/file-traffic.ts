/** Bounds uploads and downloads at the same time, so that slow or many clients can't use all memory. */
import { streamOf } from '../../record/files/stream.ts';
import { ApiException } from '../errors.ts';
import { createQuota, reservationFrom } from '../../site-limits/counting/quota.ts';
import { fileMemory, readMemory, type MemoryBudget, type Reserving } from './memory-budget.ts';
import { countersOf, widestKey } from '../../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';
import type { SharedCounts } from '../../site-limits/counting/shared-counts.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/** The client's address, and the submission of the file. */
export interface FileCaller {
  address: string;
  submission: string;
}

/** Counts the bytes of one body as they arrive. */
export interface BytesSent {
  /** @throws ApiException where the address has sent too many bytes today */
  add(bytes: number): void;
  /** Counts files that the body has, beyond those that were announced. @throws ApiException like `add` */
  addFiles(files: number): void;
  /** Returns the bytes that were announced and did not arrive. */
  end(): void;
}

export interface FileTraffic {
  /**
   * Starts to count the bytes of files that an address sends in one body.
   * @param announced `Content-Length` in bytes, where it is known
   * @param files in the body, as far as they are known
   * @throws ApiException if these are more than an address may send in a day
   */
  count(address: string, announced: number | undefined, files: number): BytesSent;
  /** Runs `run`, which stores a file as it arrives. @throws ApiException where too many files are on their way */
  receive<T>(caller: FileCaller, run: (place: MemoryPlace) => Promise<T>): Promise<T>;
  /**
   * The body of an answer with the bytes of a file, read only as fast as the client takes them. It is cut off after the
   * longest time that a download may take.
   * @param open reads the first bytes, so it runs once the file has a place
   * @returns undefined where `open` finds no file
   * @throws ApiException where too many files are on their way
   */
  send(
    caller: FileCaller,
    open: () => Promise<AsyncGenerator<Uint8Array> | undefined>,
  ): Promise<ReadableStream | undefined>;
}

/**
 * @param daily whether the bytes of an address are bounded each day
 * @param shared counts the bytes of other servers too
 */
export function createFileTraffic(daily: boolean, shared?: SharedCounts): FileTraffic {
  const ofDay = createQuota(SITE_LIMITS.fileBytesPerAddressAndDay.value, { counter: 'file bytes', shared });
  const countersFor = countersOf(
    (times) => createConcurrencyCounter(SITE_LIMITS.filesOnTheirWayPerAddress.value * times),
    SITE_LIMITS.networkTimesAtOnce.value,
  );
  const ofSubmission = createConcurrencyCounter(SITE_LIMITS.filesOnTheirWayPerSubmission.value);

  const hold = async <T>({ address, submission }: FileCaller, memory: MemoryBudget, run: Reserving<T>): Promise<T> => {
    const release = acquire([...countersFor(address), { key: submission, counter: ofSubmission }]);
    if (!release) throw new ApiException({ code: 'rate_limited', message: TOO_MANY, retryAfter: 5 });
    try {
      return await memory(run, widestKey(address));
    } finally {
      release();
    }
  };

  return {
    count(address, announced = 0, files) {
      if (!daily) return { add: () => undefined, addFiles: () => undefined, end: () => undefined };
      const reserved = reservationFrom(ofDay, address);
      let sent = 0;
      const reserve = (bytes: number) => {
        const waitMs = reserved.take(bytes);
        if (waitMs > 0)
          throw new ApiException({ code: 'rate_limited', message: TOO_MUCH, retryAfter: Math.ceil(waitMs / 1_000) });
      };
      const ofFiles = files * FILE_BYTES;
      if (announced + ofFiles > 0) reserve(announced + ofFiles);
      sent += ofFiles;
      const add = (bytes: number) => {
        if (sent + bytes > reserved.amount) reserve(sent + bytes - reserved.amount);
        sent += bytes;
      };
      return {
        add,
        addFiles: (more) => add(more * FILE_BYTES),
        end: () => reserved.end(sent),
      };
    },
    receive: (caller, run) => hold(caller, fileMemory, (reserve, place) => run(growing(reserve, place))),
    send(caller, open) {
      return new Promise((answer, refuse) => {
        // Holds its place until the answer ends or is cut off.
        const maxMs = SITE_LIMITS.fileReadMs.value;
        const read: Reserving<void> = async (reserve, place) => {
          reserve(MAX_BYTES);
          const chunks = await open();
          if (!chunks) return answer(undefined);
          await new Promise<void>((ended) => answer(streamOf(chunks, { maxMs, place, ended })));
        };
        hold(caller, readMemory, read).catch(refuse);
      });
    },
  };
}

/**
 * The room that a file takes beside its bytes: a block of the disk, its row, the events of its upload and its removal, and the
 * key of the request. A file may have three bytes.
 */
const FILE_BYTES = 8_192;

const MAX_BYTES = SITE_LIMITS.memoryPerFileBytes.value;
const FIRST_BYTES = SITE_LIMITS.memoryPerSilentUploadBytes.value;

/**
 * The place of an upload, which takes more memory as its bytes come. A sender could keep others out for nothing if it took
 * all of it at once: it would begin again before it is slow.
 */
function growing(reserve: (bytes: number) => void, place: MemoryPlace): MemoryPlace {
  let reserved = 0;
  let arrived = 0;
  const grow = () => {
    // As received, and once more as stored.
    const needed = Math.min(MAX_BYTES, FIRST_BYTES + 2 * arrived);
    if (needed > reserved) reserve(needed - reserved);
    reserved = needed;
  };
  grow();
  return {
    signal: place.signal,
    waits: () => place.waits(),
    moved(bytes) {
      place.moved(bytes);
      arrived += bytes;
      grow();
    },
  };
}

const TOO_MUCH = 'This network has reached its limit of files for today. Try again tomorrow, or from another network.';

const TOO_MANY = 'Too many of your files are uploading or downloading. Wait for some to finish, then try again.';
