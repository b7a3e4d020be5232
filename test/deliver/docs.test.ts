import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BACKOFF } from '../../src/deliver/deliver.ts';
import { signedHeaders } from '../../src/deliver/sign.ts';
import { parseForm } from '../../src/form/parse.ts';
import { lastingPort } from '../helpers/ports.ts';
import { removeFolder, root } from '../helpers/site.ts';
import { NOW, temporaryFolder } from '../helpers/database.ts';
import { eventually, openSiteThatTells, send } from './forms.ts';
import { SECRET } from './receiver.ts';

const readDocument = (name: string) => readFileSync(path.join(root, 'docs', name), 'utf8');
const webhooks = readDocument('integrate/webhooks.md');
const email = readDocument('operate/email.md');
const blocksOf = (document: string, language: string): string[] =>
  [...document.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

const FORM = `
title: Become a driver
screens:
  - { id: connect, title: Connect, wink: { require: none } }
endings:
  - { id: done, title: Thank you }
`;

describe('the documents about webhooks and emails', () => {
  const examples = [...blocksOf(webhooks, 'yaml'), ...blocksOf(email, 'yaml')];

  it('have examples', () => expect(examples).toHaveLength(2));

  it.each(examples)('have examples that a form can hold: %s', (yaml) => {
    const parsed = parseForm('driver.yaml', FORM + yaml, NOW);
    expect(parsed.ok ? [] : parsed.faults).toEqual([]);
  });

  it('state the schedule of the retries', () => {
    const [seconds, minutes, hours] = [1_000, 60_000, 3_600_000];
    expect(BACKOFF).toEqual([30 * seconds, ...[2, 10, 30].map((n) => n * minutes), ...[1, 3, 6, 12, 18, 24].map((n) => n * hours)]); // prettier-ignore
    expect(webhooks).toContain('after 30 seconds, 2, 10 and 30 minutes, 1, 3, 6, 12, 18 and 24 hours');
  });
});

describe('the snippets of the webhook document', () => {
  const [receiver = '', check = ''] = blocksOf(webhooks, 'js');

  it('receive a webhook of a site once, and refuse a forged one', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    writeFileSync(path.join(folder, 'receiver.mjs'), receiver);
    const port = await lastingPort();
    const running = spawn(process.execPath, ['receiver.mjs'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], PORT: String(port), ACME_HOOK_SECRET: SECRET },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      running.kill();
      if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
    });
    const lines: string[] = [];
    createInterface(running.stdout).on('line', (line) => lines.push(line));
    const address = `http://127.0.0.1:${port}/`;
    const post = (headers: Record<string, string>, body: string) =>
      fetch(address, { method: 'POST', headers, body }).then(({ status }) => status);
    await eventually(() => post({}, '').catch(() => undefined));

    const site = await openSiteThatTells(`  - { webhook: "${address}", secret_env: ACME_HOOK_SECRET }`, {
      env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${port}` },
      secrets: { ACME_HOOK_SECRET: SECRET },
    });
    onTestFinished(async () => {
      await site.close();
      removeFolder(site.folder);
    });
    const { id } = await send(site, { full_name: 'Ana' });
    await eventually(async () => (await site.db.query.selectFrom('deliveries').select('id').where('status', '=', 'sent').executeTakeFirst()) ?? undefined); // prettier-ignore
    expect(lines).toEqual([`submission.submitted ${id}`]);

    const body = JSON.stringify({ type: 'submission.submitted', data: { id: 'again' } });
    const genuine = signedHeaders('same', body, [Buffer.alloc(32, 5)], new Date());
    expect([await post(genuine, body), await post(genuine, body)]).toEqual([204, 204]);
    expect(await post(genuine, body.replace('again', 'other'))).toBe(401);
    await eventually(() => lines[1]);
    expect(lines.slice(1)).toEqual(['submission.submitted again']);
  });

  it('check a signature without a library', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'check.mjs');
    writeFileSync(file, check);
    type Check = (body: string, headers: Record<string, string>, secret: string) => boolean;
    const { isGenuine } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { isGenuine: Check };
    const key = Buffer.alloc(32, 5);
    const signed = (at: number, keys = [key]) => signedHeaders('one', '{}', keys, new Date(at));
    expect(isGenuine('{}', signed(Date.now()), SECRET)).toBe(true);
    expect(isGenuine('{}', signed(Date.now(), [Buffer.alloc(32, 6), key]), SECRET)).toBe(true);
    expect(isGenuine('{ }', signed(Date.now()), SECRET)).toBe(false);
    expect(isGenuine('{}', signed(Date.now(), [Buffer.alloc(32, 6)]), SECRET)).toBe(false);
    expect(isGenuine('{}', signed(Date.now() - 400_000), SECRET)).toBe(false);
    expect(isGenuine('{}', {}, SECRET)).toBe(false);
  });
});
