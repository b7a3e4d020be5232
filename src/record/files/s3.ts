/** Files in a bucket of any store with S3's protocol. Several servers may share it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { FileFault } from './fault.ts';
import { MARK_PREFIX, MARK_TEXT, markedIds, markName } from './mark-names.ts';
import { isFileId, type FileStore } from './store.ts';

export interface Bucket {
  /** The bucket's own address, such as `https://s3.eu-central-1.amazonaws.com/acme-forms`. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** How long one request may take, with its retries. In ms. */
  patienceMs?: number;
}

const PATIENCE_MS = 30_000;

/**
 * The most bytes of an answer that is not a part of an object. A page of a list has a thousand names of at most 1 kB.
 */
const MAX_ANSWER_BYTES = 4_000_000;

/** Pages of a list, each with a thousand files. */
const MAX_LIST_PAGES = 10_000;

/** How often a request is retried after the bucket could not answer it. */
const RETRIES = 3;

/** The longest wait before the first retry. It doubles with each further one. */
const RETRY_MS = 50;

/** A person at a terminal waits for this trial, and wants to see an outage. */
const TRIAL_MS = 4_000;

/** An answer of a bucket that refuses the request: the cause of a `FileFault`. */
export class BucketError extends Error {
  /** Such as `NoSuchBucket`. Empty if the answer has no code. */
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** @throws FileFault, unless the request succeeds or there is no object of that name */
type Ask = (method: string, target: string, more?: { body?: BodyInit; part?: Part }) => Promise<Buffer | undefined>;

/** The requested bytes of an object. */
interface Part {
  start: number;
  length: number;
}

function asking(bucket: Bucket, retries = RETRIES): Ask {
  const { url, region, accessKeyId, secretAccessKey, patienceMs = PATIENCE_MS } = bucket;
  const keys = { accessKeyId, secretAccessKey, region, service: 's3', cache: new Map<string, ArrayBuffer>() };

  /** The answer of the bucket. It is asked again while it says that it can't answer now. */
  async function answerTo(method: string, target: string, signal: AbortSignal, body?: BodyInit, part?: Part) {
    const range = part && { range: `bytes=${part.start}-${part.start + part.length - 1}` };
    for (let retry = 0; ; retry++) {
      const { headers } = await new AwsV4Signer({ ...keys, method, url: url + target, headers: { ...range } }).sign();
      // The signal goes to `fetch` itself. That of a `Request` is lost once the Request is collected as garbage.
      // A bucket that redirects would send the bytes of people to another host.
      const response = await fetch(url + target, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body && { body }),
      });
      const isBusy = response.status >= 500 || response.status === 429;
      if (!isBusy || retry >= retries) return response;
      await response.body?.cancel();
      await wait(Math.random() * RETRY_MS * 2 ** retry, undefined, { signal });
    }
  }

  async function exchange(method: string, target: string, body?: BodyInit, part?: Part) {
    const response = await answerTo(method, target, AbortSignal.timeout(patienceMs), body, part);
    const { status } = response;
    // A store without ranges answers with all bytes, and 200.
    const skip = status === 200 ? (part?.start ?? 0) : 0;
    const isPart = part && (status === 200 || status === 206);
    const { bytes, isWhole } = await firstBytes(response.body, skip, isPart ? part.length : MAX_ANSWER_BYTES);
    if (!isWhole && !isPart) throw new BucketError(`The bucket answered ${method} with too many bytes`, '');
    return { status, bytes };
  }

  return async (method, target, { body, part } = {}) => {
    const { status, bytes } = await exchange(method, target, body, part).catch((error: unknown) => {
      throw new FileFault('gone', error);
    });
    const isDone = status >= 200 && status < 300;
    // The bytes of a file can be any. In another answer, some stores report an error with status 200.
    if (isDone && part) return bytes;
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(bytes.toString()) ?? [];
    if (isDone && !code) return bytes;
    if (status === 404 && code === 'NoSuchKey') return undefined;
    // The part begins behind the end (RFC 9110, 15.5.17).
    if (status === 416) return Buffer.alloc(0);
    const cause = new BucketError(`The bucket answered ${method} with ${status} ${code}`.trim(), code);
    throw new FileFault(isDone || status >= 500 || status === 429 ? 'gone' : 'refused', cause);
  };
}

/**
 * Reads the bytes of `body` after the first `skip`, at most `max`, and says whether there were no more. Does not read
 * the rest.
 */
async function firstBytes(
  body: ReadableStream<Uint8Array> | null,
  skip: number,
  max: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of body ?? []) {
    const wanted = chunk.subarray(Math.max(0, skip - read), Math.max(0, skip + max - read));
    if (wanted.length) chunks.push(wanted);
    read += chunk.length;
    if (read > skip + max) return { bytes: Buffer.concat(chunks), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}

/** A page of the names of the objects, as XML. A store may answer that there is no object if the address is not that of a bucket. */
async function listPage(ask: Ask, query: string): Promise<string> {
  const bytes = await ask('GET', query);
  if (bytes) return bytes.toString();
  const message = 'The bucket has no list at this address, so Flipsite cannot delete unused files. Stop the site, move the objects of the folder in this address to the bucket itself, and set S3_BUCKET_URL to the bucket without the folder'; // prettier-ignore
  throw new FileFault('refused', new BucketError(message, ''));
}

/**
 * Tries every request of the store in `bucket`: writes a small object, reads it, lists, and deletes it. No file can
 * have the name of the object. Throws `FileFault`.
 */
export async function tryBucket(bucket: Bucket): Promise<void> {
  const ask = asking({ ...bucket, patienceMs: TRIAL_MS }, 0);
  const target = `/doctor-${randomUUID()}`;
  const bytes = Buffer.from('Written by npm run doctor, and of no use once that has ended.');
  try {
    await ask('PUT', target, { body: new Uint8Array(bytes) });
    const found = await ask('GET', target);
    if (!found || !bytes.equals(found))
      throw new FileFault('refused', new BucketError('The bucket returned other bytes than Flipsite wrote', ''));
    await listPage(ask, '?max-keys=1');
  } catch (error) {
    // The bucket may have done it, even if its answer came too late.
    await ask('DELETE', target).catch(() => undefined);
    throw error;
  }
  await ask('DELETE', target);
}

/** Runs `run`, which reports all bytes that it holds as they arrive. May refuse them. */
export type WithMemory = <T>(run: (hold: (bytes: number) => void) => Promise<T>) => Promise<T>;

/**
 * The store in `bucket`, with one object for each file, named by its id. The bucket must exist.
 * @param withMemory bounds the bytes of all files that are being written
 */
export function s3Store(bucket: Bucket, withMemory: WithMemory = (run) => run(() => undefined)): FileStore {
  const ask = asking(bucket);

  const named = (id: string): string => {
    if (!isFileId(id)) throw new Error('An id of a file is a UUID.');
    return `/${id}`;
  };

  return {
    async write(id, bytes) {
      const target = named(id);
      // In one piece, because a file is small and S3 needs its size in advance.
      await withMemory(async (hold) => {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        for await (const part of bytes) {
          hold(part.length);
          parts.push(new Uint8Array(part));
        }
        await ask('PUT', target, { body: new Blob(parts) });
      });
    },
    read: async (id, start, length) => ask('GET', named(id), { part: { start, length } }),
    async remove(id) {
      await ask('DELETE', named(id));
    },
    async *list() {
      let last = '';
      for (let page = 0; page < MAX_LIST_PAGES; page++) {
        const text: string = await listPage(ask, `?marker=${last}`);
        const names = namesIn(text);
        yield names.filter(isFileId);
        if (!text.includes('<IsTruncated>true')) return;
        const next = encodeURIComponent(names.at(-1) ?? '');
        if (next === last) break;
        last = next;
      }
      throw new FileFault('refused', new BucketError('The list of the bucket has no end', ''));
    },
    async mark(id) {
      await ask('PUT', `/${markName(id)}`, { body: MARK_TEXT });
    },
    marks: async () => markedIds(namesIn(await listPage(ask, `?prefix=${MARK_PREFIX}`))),
    place: bucket.url,
  };
}

const namesIn = (list: string): string[] => [...list.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) => name);
