/** Files in a bucket of any store that speaks S3's protocol, which several servers may share. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AwsClient } from 'aws4fetch';
import { FileFault } from './fault.ts';
import { isFileId, type FileStore } from './store.ts';

export interface Bucket {
  /** The bucket's own address, such as `https://s3.eu-central-1.amazonaws.com/acme-forms`. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** How long one request may take, further tries included. */
  patienceMs?: number;
}

const PATIENCE_MS = 30_000;

/** How often a request that the bucket could not answer is tried again. */
const RETRIES = 3;

/** Somebody waits in front of a terminal for a trial, and wants to hear of an outage. */
const TRIAL_MS = 4_000;

/** What a bucket has answered instead of doing what it was asked: the cause of a `FileFault`. */
export class BucketError extends Error {
  /** Such as `NoSuchBucket`; empty where it said none. */
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** @throws FileFault, unless it is done or there is nothing under that name */
type Ask = (method: string, target: string, body?: Buffer) => Promise<Buffer | undefined>;

function asking(bucket: Bucket, retries = RETRIES): Ask {
  const { url, region, accessKeyId, secretAccessKey, patienceMs = PATIENCE_MS } = bucket;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries });

  async function exchange(method: string, target: string, body?: Buffer): Promise<{ status: number; said: Buffer }> {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await client.fetch(url + target, { method, signal, ...(body && { body: new Uint8Array(body) }) });
    return { status: response.status, said: Buffer.from(await response.arrayBuffer()) };
  }

  return async (method, target, body) => {
    const { status, said } = await exchange(method, target, body).catch((error: unknown) => {
      throw new FileFault('gone', error);
    });
    if (status >= 200 && status < 300) return said;
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(said.toString()) ?? [];
    if (status === 404 && code === 'NoSuchKey') return undefined;
    const cause = new BucketError(`It answered ${method} with ${status} ${code}`.trim(), code);
    throw new FileFault(status >= 500 || status === 429 ? 'gone' : 'refused', cause);
  };
}

/**
 * Asks of `bucket` all that the store will: writes a small object, reads it back, lists, and deletes it. Its name is none
 * that a file can have. Throws `FileFault`.
 */
export async function tryBucket(bucket: Bucket): Promise<void> {
  const ask = asking({ ...bucket, patienceMs: TRIAL_MS }, 0);
  const target = `/doctor-${randomUUID()}`;
  const bytes = Buffer.from('Written by npm run doctor, and of no use once that has ended.');
  try {
    await ask('PUT', target, bytes);
    const found = await ask('GET', target);
    if (!found || !bytes.equals(found))
      throw new FileFault('refused', new BucketError('It gave back something else than was written to it', ''));
    await ask('GET', '?max-keys=1');
  } catch (error) {
    // What came too late to be heard of may have been done.
    await ask('DELETE', target).catch(() => undefined);
    throw error;
  }
  await ask('DELETE', target);
}

/** The store in `bucket`, one object for each file, named by its id. The bucket has to be there already. */
export function s3Store(bucket: Bucket): FileStore {
  const ask = asking(bucket);

  const named = (id: string): string => {
    if (!isFileId(id)) throw new Error('An id of a file is a UUID.');
    return `/${id}`;
  };

  return {
    async write(id, bytes) {
      const target = named(id);
      // Whole, since a file is small, and since S3 wants to know beforehand how much is coming.
      await ask('PUT', target, await buffer(Readable.from(bytes)));
    },
    read: async (id) => ask('GET', named(id)),
    async remove(id) {
      await ask('DELETE', named(id));
    },
    async *list() {
      let last: string | undefined = '';
      while (last !== undefined) {
        const text: string = String((await ask('GET', `?marker=${last}`)) ?? '');
        const names = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) => name);
        yield names.filter(isFileId);
        last = text.includes('<IsTruncated>true') ? encodeURIComponent(names.at(-1) ?? '') : undefined;
      }
    },
  };
}
