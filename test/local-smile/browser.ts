/** The browser of the tests of the widget. */
import { chromium, type Browser } from 'playwright';
import { chromiumPath } from '../helpers/browser.ts';

/** A real Chromium, whichever the machine has. */
export const launchBrowser = async (): Promise<Browser> => chromium.launch({ executablePath: await chromiumPath() });
