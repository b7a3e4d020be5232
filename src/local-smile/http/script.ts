import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

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
  const bundler = await rolldown({
    input: fileURLToPath(new URL('../widget/main.ts', import.meta.url)),
    moduleTypes: { '.css': 'text' },
    transform: { target: 'es2022' },
    logLevel: 'silent',
  });
  const { output } = await bundler.generate({ format: 'iife', minify: true, comments: false, codeSplitting: false });
  await bundler.close();
  const text = output[0].code;
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
