/** An S3 of its own, on a free port of loopback, with one empty bucket. */
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bucket } from '../../src/record/files/s3.ts';

interface Server {
  run(): Promise<{ port: number }>;
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

export async function startS3(): Promise<{ bucket: Bucket; stop(): Promise<void> }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'flipsite-s3-'));
  const options = { port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: 'forms' }] };
  const server = new S3rver(options);
  const { port } = await server.run();
  return {
    bucket: { url: `http://127.0.0.1:${port}/forms`, ...S3_KEYS },
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
