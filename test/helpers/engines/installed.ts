/** Which browsers besides Chromium are installed. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** `FIREFOX_PATH`, else a Firefox on the PATH. */
export const findFirefox = (): string | undefined =>
  findProgram(process.env['FIREFOX_PATH'], ['firefox', 'firefox-esr']);

/** `WEBKIT_DRIVER_PATH`, else WebKitGTK's driver on the PATH. It needs Xvfb, to have a display. */
export const findWebKit = (): string | undefined =>
  findProgram(undefined, ['Xvfb']) && findProgram(process.env['WEBKIT_DRIVER_PATH'], ['WebKitWebDriver']);

function findProgram(named: string | undefined, names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...(named ? [named] : []), ...onPath].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
