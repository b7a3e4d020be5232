import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { brotliBytes, scriptBytes } from '../helpers/weight.ts';
import { openTestSite, removeFolder, root } from '../helpers/site.ts';
const yaml = readFileSync(path.join(root, 'test/bench/forms/driver-onboarding.yaml'), 'utf8');
const kitchen = readFileSync(path.join(root, 'test/site/forms/kitchen-sink.yaml'), 'utf8').replace(/, logo: safar.svg/, '');
const site = await openTestSite({ forms: { d: yaml, kitchen } });
for (const slug of ['d', 'kitchen']) { const text = await (await fetch(`${site.origin}/${slug}`)).text();
console.log(slug, 'page', brotliBytes(text), 'script', scriptBytes(text)); }
for (const name of readdirSync('/work/main/dist/client/assets')) if (/-(ar|en)-/.test(name)) console.log(name, brotliBytes(readFileSync('/work/main/dist/client/assets/' + name, 'utf8')));
await site.close(); removeFolder(site.folder); process.exit(0);
