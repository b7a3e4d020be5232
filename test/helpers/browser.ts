/** Which browser the tests drive. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * A real Chromium: `CHROMIUM_PATH`, else one on the PATH, else the npm package's, else Playwright's own. Unpacks the
 * npm package's the first time, so ask once before several processes start.
 */
export async function chromiumPath(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = [process.env['CHROMIUM_PATH'], ...onPath].find(isExecutable);
  if (found) return found;
  const packaged = await packagedChromium();
  if (packaged) return packaged;
  const own = chromium.executablePath();
  if (isExecutable(own)) return own;
  throw new Error(
    'There is no Chromium to test with. Install one (`apt-get install chromium`, or `npx playwright install chromium`), or name its program in CHROMIUM_PATH.',
  );
}

/** Chromium for Linux on x64 from npm; elsewhere the package is there and its program is not. */
async function packagedChromium(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath().catch(() => undefined);
}

function isExecutable(file: string | undefined): file is string {
  try {
    accessSync(file ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
