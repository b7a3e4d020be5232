/** The settings in `.env`. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * The content of `.env` in the current folder; nothing if there is none. Editors on Windows may begin it with a byte order
 * mark, which is left out.
 * @throws the error of the file system if it can't be read
 */
export function readEnvFile(): string {
  return existsSync('.env') ? readFileSync('.env', 'utf8').replace(/^\uFEFF/, '') : '';
}

/** Loads `.env` of the current folder, if there is one. @throws as `readEnvFile` does */
export function loadEnvFile(): void {
  // Node's own function takes that mark for a part of the first name.
  for (const [name, value] of Object.entries(parseEnv(readEnvFile()))) process.env[name] ??= value;
}
