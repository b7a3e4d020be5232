import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Script {
  text: string;
  etag: string;
}

let bundled: Promise<Script> | undefined;

/** The widget as one script, bundled at the first call and then cached. */
export function widgetScript(): Promise<Script> {
  bundled ??= bundle().catch((error: unknown) => {
    bundled = undefined;
    throw error;
  });
  return bundled;
}

async function bundle(): Promise<Script> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../widget/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    loader: { '.css': 'text' },
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
