import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** A real Chromium: `CHROMIUM_PATH`, else one on the PATH, else the npm package's, else Playwright's own. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromiumPath();
  return chromium.launch(executablePath ? { executablePath } : {});
}

async function chromiumPath(): Promise<string | undefined> {
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
  const found = [process.env['CHROMIUM_PATH'], ...onPath].find(isExecutable);
  if (found) return found;
  try {
    // An optional dependency for Linux on x64 alone: its name is a variable so that types do not depend on it.
    const name = '@sparticuz/chromium';
    const { default: packaged } = (await import(name)) as { default: { executablePath(): Promise<string> } };
    return await packaged.executablePath();
  } catch {
    return undefined;
  }
}

function isExecutable(file: string | undefined): file is string {
  try {
    accessSync(file ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
