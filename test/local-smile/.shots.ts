import { launchBrowser } from '/work/main/test/local-smile/browser.ts';
import { startSmile } from '/work/main/test/local-smile/smile.ts';
import { mkdirSync } from 'node:fs';
mkdirSync('/tmp/shots-smile', { recursive: true });
const smile = await startSmile({ connectDelayMs: 600 });
const browser = await launchBrowser();
import { startHostPage } from '/work/main/test/local-smile/host-page.ts';
const host = await startHostPage(smile.origin);
async function widget(context: any, accessToken: string, opts = {}) {
  const page = await context.newPage();
  page.on('console', (m: any) => console.log('console', m.text()));
  page.on('pageerror', (m: any) => console.log('pageerror', m.message));
  await host.open(page, { userToken: accessToken, companyName: 'Acme Rides', ...opts });
  return page;
}
const only = process.argv[2];
for (const [tag, size, scheme] of [
  ['light', { width: 360, height: 740 }, 'light'],
  ['dark', { width: 360, height: 740 }, 'dark'],
  ['narrow', { width: 320, height: 568 }, 'light'],
  ['desktop', { width: 1280, height: 900 }, 'light'],
  ['forced', { width: 360, height: 740 }, 'light'],
] as any) {
  if (only && only !== tag) continue;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    deviceScaleFactor: 1.5,
    forcedColors: tag === 'forced' ? 'active' : 'none',
  });
  const { userId, accessToken } = await smile.newUser();
  const p = await widget(context, accessToken);
  let n = 0;
  const shot = async (name: string, page = p) => {
    await page.screenshot({ path: `/tmp/shots-smile/${tag}-${String(++n).padStart(2, '0')}-${name}.png` });
  };
  const b = (name: string, page = p) => page.getByRole('button', { name, exact: true });
  await b('Agree and continue').waitFor();
  await shot('consent');
  await b('Agree and continue').click();
  await b('Upwork').waitFor();
  await shot('list');
  await p.getByLabel('Search').fill('zzz');
  await shot('list-none');
  await p.getByLabel('Search').fill('');
  await b('Upwork').click();
  await p.getByLabel('User name').waitFor();
  await shot('login');
  await p.getByText('Test accounts').click();
  await shot('login-people');
  await b('Sign in').click();
  await shot('login-errors');
  await p.getByLabel('User name').fill('George');
  await p.getByLabel('Password').fill('nope');
  await b('Sign in').click();
  await p.getByText('is checking').waitFor();
  await shot('connecting');
  await b('Try again').waitFor();
  await shot('error');
  await b('Try again').click();
  await p.getByLabel('Password').fill('123456');
  await b('Sign in').click();
  await p.getByLabel('Verification code').waitFor();
  await shot('mfa');
  await p.getByLabel('Verification code').fill('1234');
  await b('Verify').click();
  await b('Done').waitFor();
  await shot('success');
  await b('Connect another account').click();
  await b('Upwork').waitFor();
  await shot('list-connected');
  await b('Upwork').click();
  await b('Disconnect').waitFor();
  await shot('status');
  await b('Disconnect').click();
  await b('Keep it connected').waitFor();
  await shot('confirm');
  await b('Disconnect').click();
  await b('Connect an account').waitFor();
  await shot('disconnected');
  await b('Close').click();
  console.log(
    tag,
    JSON.stringify(
      await p.evaluate(() =>
        (window as any).told.map((x: any) =>
          x[0] === 'onUIEvent' ? x[1].eventName : x[0] + ' ' + JSON.stringify(x[1]?.reason ?? x[1]?.errorCode ?? ''),
        ),
      ),
    ),
  );
  const q = await widget(context, accessToken);
  await q.getByRole('alert').waitFor();
  await shot('expired', q);
  const r2 = await smile.call('POST', `/v1/tokens?userId=${userId}`);
  const r = await context.newPage();
  await smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link', status: 500 } });
  const s = await widget(context, r2.body.data.accessToken);
  await b('Try again', s).waitFor();
  await shot('unreachable', s);
  await smile.call('PATCH', '/__local/settings', { fault: null });
  await context.close();
}
await browser.close();
host.stop();
await smile.stop();
