/** Files in a bucket of any store that speaks S3's protocol, which several servers may share. */
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

/** The store in `bucket`, one object for each file, named by its id. The bucket has to be there already. */
export function s3Store({ url, region, accessKeyId, secretAccessKey }: Bucket): FileStore {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: RETRIES });

  /** @throws with what the store says, unless it is done or there is nothing under that name */
  async function ask(method: string, target: string, body?: Buffer): Promise<Response | undefined> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await client.fetch(url + target, { method, signal, ...(body && { body: new Uint8Array(body) }) });
    if (response.ok) return response;
    const text = await response.text();
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
    if (response.status === 404 && code === 'NoSuchKey') return undefined;
    throw new Error(`The bucket of files answered ${method} with ${response.status} ${code}`.trim());
  }

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
