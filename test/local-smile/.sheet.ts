import { launchBrowser } from '/work/main/test/local-smile/browser.ts';
import { readdirSync, readFileSync } from 'node:fs';
const b = await launchBrowser();
const p = await b.newPage({ viewport: { width: 2000, height: 800 } });
for (const tag of process.argv.slice(2)) {
  const files = readdirSync('/tmp/shots-smile').filter((f) => f.startsWith(tag + '-'));
  const w = tag === 'desktop' ? 640 : 360;
  for (let i = 0, n = 0; i < files.length; i += 5, n++) {
    await p.setContent(
      '<body style="margin:0;background:#999;display:flex;gap:8px;flex-wrap:nowrap">' +
        files
          .slice(i, i + 5)
          .map(
            (f) =>
              `<img style="width:${w}px" src="data:image/png;base64,${readFileSync('/tmp/shots-smile/' + f).toString('base64')}">`,
          )
          .join(''),
    );
    await p.locator('body').screenshot({ path: `/tmp/shots-smile/sheet_${tag}_${n}.png` });
  }
}
await b.close();
