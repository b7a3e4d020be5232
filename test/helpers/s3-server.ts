/** An S3 of its own, on a free port of loopback, with one empty bucket. */
import { createRequire } from 'node:module';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bucket } from '../../src/record/files/s3.ts';
import { lastingPort } from './ports.ts';

interface Server {
  run(): Promise<unknown>;
  close(): Promise<void>;
}

type Options = {
  port: number;
  address: string;
  silent: boolean;
  directory: string;
  configureBuckets: { name: string }[];
};

const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: Options) => Server;

/** The key pair that the server knows. */
const S3_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'us-east-1' };

export interface S3 {
  bucket: Bucket;
  /** Puts copies of the object `name` under `names`, at once: writing a thousand over HTTP takes seconds. */
  copy(name: string, names: string[]): void;
  /** Ends it, with all that it keeps. */
  end(): Promise<void>;
  /** Starts it again after `end`. */
  start(): Promise<void>;
  /** Ends it and removes all that it kept. */
  stop(): Promise<void>;
}

export async function startS3(): Promise<S3> {
  const directory = mkdtempSync(path.join(tmpdir(), 'flipsite-s3-'));
  const port = await lastingPort();
  const options = { port, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: 'forms' }] };
  let server: Server;
  const start = async () => void (await (server = new S3rver(options)).run());
  await start();
  return {
    bucket: { url: `http://127.0.0.1:${port}/forms`, ...S3_KEYS },
    copy(name, names) {
      const folder = path.join(directory, 'forms');
      for (const part of readdirSync(folder).filter((file) => file.startsWith(name)))
        for (const other of names) copyFileSync(path.join(folder, part), path.join(folder, part.replace(name, other)));
    },
    start,
    end: () => server.close(),
    async stop() {
      await server.close().catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
