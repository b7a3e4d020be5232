/** Files in a bucket of any store that speaks S3's protocol, which several servers may share. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AwsClient } from 'aws4fetch';
import { isFileId, type FileStore } from './store.ts';

export interface Bucket {
  /** The bucket's own address, such as `https://s3.eu-central-1.amazonaws.com/acme-forms`. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** How long one request may take, and how often one that met an outage is tried again. */
const PATIENCE_MS = 30_000;
const RETRIES = 3;

/** Somebody waits in front of a terminal for a trial, and wants to hear of an outage. */
const TRIAL_MS = 4_000;

/** What a bucket has answered instead of doing what it was asked. */
export class BucketError extends Error {
  /** Such as `NoSuchBucket`; empty where it said none. */
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** @throws BucketError, unless it is done or there is nothing under that name */
type Ask = (method: string, target: string, body?: Buffer) => Promise<Response | undefined>;

function asking({ url, region, accessKeyId, secretAccessKey }: Bucket, patience = PATIENCE_MS, retries = RETRIES): Ask {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries });
  return async (method, target, body) => {
    const signal = AbortSignal.timeout(patience);
    const response = await client.fetch(url + target, { method, signal, ...(body && { body: new Uint8Array(body) }) });
    if (response.ok) return response;
    const text = await response.text();
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
    if (response.status === 404 && code === 'NoSuchKey') return undefined;
    throw new BucketError(`The bucket of files answered ${method} with ${response.status} ${code}`.trim(), code);
  };
}

/**
 * Asks of `bucket` all that the store will: writes a small object, reads it back, lists, and deletes it. Its name is none
 * that a file can have. Throws `BucketError`, or what kept it from being reached.
 */
export async function tryBucket(bucket: Bucket): Promise<void> {
  const ask = asking(bucket, TRIAL_MS, 0);
  const target = `/doctor-${randomUUID()}`;
  const bytes = Buffer.from('Written by npm run doctor, and of no use once that has ended.');
  await ask('PUT', target, bytes);
  try {
    const found = await ask('GET', target);
    if (!found || !bytes.equals(Buffer.from(await found.arrayBuffer())))
      throw new BucketError('The bucket of files gave back something else than was written to it', '');
    await ask('GET', '?max-keys=1');
  } finally {
    await ask('DELETE', target);
  }
}

/** The store in `bucket`, one object for each file, named by its id. The bucket has to be there already. */
export function s3Store(bucket: Bucket): FileStore {
  const ask = asking(bucket);

  const named = (id: string): string => {
    if (!isFileId(id)) throw new Error('An id of a file is a UUID.');
    return `/${id}`;
  };

  return {
    shared: true,
    async write(id, bytes) {
      const target = named(id);
      // Whole, since a file is small, and since S3 wants to know beforehand how much is coming.
      await ask('PUT', target, await buffer(Readable.from(bytes)));
    },
    async read(id) {
      const found = await ask('GET', named(id));
      return found && Buffer.from(await found.arrayBuffer());
    },
    async remove(id) {
      await ask('DELETE', named(id));
    },
    async *list() {
      let last: string | undefined = '';
      while (last !== undefined) {
        const text: string = (await (await ask('GET', `?marker=${last}`))?.text()) ?? '';
        const names = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) => name);
        yield names.filter(isFileId);
        last = text.includes('<IsTruncated>true') ? encodeURIComponent(names.at(-1) ?? '') : undefined;
      }
    },
  };
}
