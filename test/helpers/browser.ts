/** Which browser the tests drive. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * A real Chromium: `CHROMIUM_PATH`, else the npm package's, else one on the PATH, else Playwright's own. The package's has
 * no window to draw, so that the same tests take it a little more than half the processor time. Unpacks it the first
 * time, so ask once before several processes start.
 */
export async function chromiumPath(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named && isExecutable(named)) return named;
  // Twice, because another process that unpacked it may have been stopped halfway.
  for (let tries = 0; tries < 2; tries++) {
    const packaged = await packagedChromium();
    if (!packaged) break;
    if (runs(packaged)) return packaged;
    rmSync(packaged, { force: true });
  }
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  const found = [...onPath, chromium.executablePath()].find(isExecutable);
  if (found) return found;
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

/** Whether all that it needs of the system is there. */
const runs = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
