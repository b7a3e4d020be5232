/** `npm run forms` moves forms between files and a running site, and overwrites no change of anyone. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSmallSite, PLAIN, send } from '../helpers/api/client.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { PROGRAM_ENV, commandArguments } from '../helpers/programs.ts';
import { temporaryFolder } from '../helpers/database.ts';

let site: TestSite;
let folder: string;
beforeAll(async () => {
  site = await openSmallSite();
});
afterAll(() => site.close());
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'forms'));
});

/** Runs the command on another machine, which has nothing but the address and the key. */
const forms = (...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...PROGRAM_ENV, INTEGRATOR_API_KEY: API_KEY, PUBLIC_ORIGIN: site.origin };
    execFile(process.execPath, [...commandArguments('forms'), ...words], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    ); // prettier-ignore
  });
const write = (slug: string, text: string) => writeFileSync(join(folder, 'forms', `${slug}.yaml`), text);
const read = (slug: string) => readFileSync(join(folder, 'forms', `${slug}.yaml`), 'utf8');
const titled = (title: string) => `# Keep this line\n${PLAIN.replace('title: Plain', `title: ${title}`)}`;

describe('npm run forms', () => {
  itLong('imports a definition of another program, prints all that was left out, and overwrites nothing', async () => {
    const survey = {
      title: 'Riders',
      elements: [
        { type: 'text', name: 'a' },
        { type: 'matrix', name: 'b' },
      ],
    };
    writeFileSync(join(folder, 'My Survey.json'), JSON.stringify(survey));
    expect(await forms('import', 'My Survey.json')).toEqual({
      status: 0,
      stdout: 'forms/my-survey.yaml is imported from SurveyJS. 1 question was carried over. 1 question was left out.\n  “b” was left out. Flipsite has no table of questions. Ask each row as a question of its own.\n', // prettier-ignore
      stderr: '',
    });
    expect(read('my-survey')).toMatch(
      /^# Imported from SurveyJS\. 1 question was carried over\. 1 question was left out\.\n# - “b” was left out\. .*\ntitle: Riders\n/,
    );
    const again = await forms('import', 'My Survey.json');
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('forms/my-survey.yaml exists.') });
    expect((await forms('import', 'My Survey.json', '--force')).status).toBe(0);
    expect((await forms('import', 'forms/my-survey.yaml')).stderr).toContain('is a form of Flipsite already');
  });

  itLong('prints no control character of a definition or a form, which a terminal would obey', async () => {
    const type = 'sig\u001b]0;owned\u0007\u001b[2J\u009b1m';
    writeFileSync(join(folder, 'survey.json'), JSON.stringify({ elements: [{ type, name: 'a' }] }));
    const { stdout } = await forms('import', 'survey.json');
    expect(stdout).toContain('Flipsite has no question of the type “sig ]0;owned [2J 1m”.');
    write('wild', titled('"Wild\\e[2J"'));
    await forms('push', 'forms/wild.yaml');
    write('wild', titled('Tame'));
    const changed = await forms('push', 'forms/wild.yaml');
    expect(changed.stdout).toContain('Wild\ufffd[2J');
    write('wild', `${titled('Wild')}"\\e[2Jbogus": 1\n`);
    const { stderr } = await forms('push', 'forms/wild.yaml');
    expect(stderr).toContain('unknown key `\ufffd[2Jbogus`');
    expect(stdout + changed.stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  itLong('publishes a file, changes it again, publishes nothing if it is the same, and lists the owner', async () => {
    write('lease', titled('Lease'));
    expect(await forms('push', 'forms/lease.yaml')).toEqual({
      status: 0,
      stdout: `forms/lease.yaml is live at ${site.origin}/lease, version 1\n  The form is published for the first time, with 1 screen, 2 questions, and 1 ending.\n`,
      stderr: '',
    });
    write('lease', titled('Rent'));
    expect((await forms('push', 'forms/lease.yaml', '--note', 'A shorter word')).stdout).toContain('version 2');
    const nothing = `Nothing to publish: forms/lease.yaml is live at ${site.origin}/lease already.\n`;
    for (const more of [[], ['--dry-run']])
      expect(await forms('push', 'forms/lease.yaml', ...more)).toEqual({ status: 0, stdout: nothing, stderr: '' });
    expect((await send(site, 'GET', '/lease')).text).toContain('<title>Rent');
    const { stdout } = await forms('list');
    expect(stdout.split('\n').filter(Boolean)).toEqual(expect.arrayContaining([expect.stringMatching(/^lease +dashboard$/), expect.stringMatching(/^plain +files$/)])); // prettier-ignore
  });

  itLong('publishes nothing in a dry run, or where the text has errors, and names the line', async () => {
    write('trial', titled('Trial'));
    expect((await forms('push', 'forms/trial.yaml', '--dry-run')).stdout).toBe(
      'forms/trial.yaml can be published.\n  The form is published for the first time, with 1 screen, 2 questions, and 1 ending.\n',
    );
    write('trial', titled('Trial').replace('type: textarea', 'type: textaera'));
    write('other', titled('Other'));
    const wrong = await forms('push', 'forms/other.yaml', 'forms/trial.yaml');
    expect(wrong.stdout).toContain('forms/other.yaml is live at ');
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/^forms\/trial\.yaml:9:\d+ {2}.*textaera/);
    expect(wrong.stderr).toContain('\nforms/trial.yaml was not published.');
    expect((await send(site, 'GET', '/trial')).status).toBe(404);
  });

  it('pulls the forms of the dashboard byte for byte, and pushes a change of them', async () => {
    const text = titled('Payroll').replaceAll('\n', '\r\n');
    write('payroll', text);
    await forms('push', 'forms/payroll.yaml');
    folder = temporaryFolder();
    expect((await forms('pull', 'payroll')).status).toBe(0);
    expect(read('payroll')).toBe(text);
    write('payroll', text.replace('Payroll', 'Wages'));
    const [known, before] = ['.pulled.json', 'before.json'].map((name) => join(folder, 'forms', name)) as [string, string]; // prettier-ignore
    linkSync(known, before);
    expect((await forms('push', 'forms/payroll.yaml')).stdout).toContain('version 2');
    // As if the command had been killed before it wrote its notes.
    renameSync(before, known);
    const again = await forms('push', 'forms/payroll.yaml');
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('/payroll already.') });
  });

  itLong('does not replace a text that another person published in the meantime', async () => {
    write('shared', titled('First'));
    await forms('push', 'forms/shared.yaml');
    const mine = folder;
    folder = temporaryFolder();
    await forms('pull', 'shared');
    write('shared', titled('Second'));
    await forms('push', 'forms/shared.yaml');
    folder = mine;
    write('shared', titled('Third'));
    const refused = await forms('push', 'forms/shared.yaml');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('has another text of shared than you pulled.');
    const kept = await forms('pull', 'shared');
    expect(kept.stderr).toContain('forms/shared.yaml has changes of its own.');
    expect(read('shared')).toBe(titled('Third'));
    await forms('pull', 'shared', '--force');
    expect(read('shared')).toBe(titled('Second'));
  });

  it.each([
    [['pull', 'plain'], 'does not manage plain.'],
    [['push', 'forms/missing.yaml'], 'There is no file forms/missing.yaml.'],
    [['list', '--site', 'http://127.0.0.1:9'], 'does not answer.'],
  ])('%j ends with a sentence that helps', async (words, says) => {
    const said = await forms(...words);
    expect(said).toMatchObject({ status: 1, stdout: '' });
    expect(said.stderr).toContain(says);
    expect(existsSync(join(folder, 'forms', 'plain.yaml'))).toBe(false);
  });

  itLong('names the address to use where the site redirects to another one, and does not blame the key', async () => {
    let to = site.origin;
    const proxy = createServer((request, response) =>
      response.writeHead(301, { location: `${to}${request.url}` }).end(),
    );
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    // Also to a path, on which the site is.
    for (to of [site.origin, `${address}/forms`]) {
      const listed = await forms('list', '--site', address);
      expect(listed).toMatchObject({ status: 1, stderr: `${address} redirects to ${to}. Name that one with --site, or set PUBLIC_ORIGIN to it.\n` }); // prettier-ignore
    }
    proxy.close();
  });

  itLong('writes no file outside the folder for a site that answers with other slugs', async () => {
    const items = [{ slug: '../stolen', title: 'A', owner: 'dashboard', removed: false }];
    const hostile = createServer((request, response) => response.end(request.url?.endsWith('/forms') ? JSON.stringify({ items }) : 'title: A')); // prettier-ignore
    await new Promise<void>((listening) => hostile.listen(0, '127.0.0.1', listening));
    const { port } = hostile.address() as AddressInfo;
    const pulled = await forms('pull', '--site', `http://127.0.0.1:${port}`);
    hostile.close();
    expect(pulled).toMatchObject({ status: 1, stderr: expect.stringContaining('is not a Flipsite of this version') });
    expect(existsSync(join(folder, 'stolen.yaml'))).toBe(false);
  });
});
