/** The settings in `.env`. */
import { existsSync, readFileSync } from 'node:fs';

/** The content of `.env` in the current folder; nothing if there is none. @throws as `loadEnvFile` does */
export function readEnvFile(): string {
  return existsSync('.env') ? readFileSync('.env', 'utf8') : '';
}

/** Loads `.env` of the current folder, if there is one. @throws the error of the file system if it can't be read */
export function loadEnvFile(): void {
  if (!existsSync('.env')) return;
  // For a file that it may not read, Node reports that it does not exist.
  readFileSync('.env');
  process.loadEnvFile();
}
