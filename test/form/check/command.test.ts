import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandArguments } from '../../helpers/programs.ts';
import { fixture } from '../../helpers/compile.ts';
import { itLong } from '../../helpers/run/it-long.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function check(files: string[], dataDir = path.join(folder, 'data'), env: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, [...commandArguments('check'), ...files], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, DATA_DIR: dataDir, FORMS_DIR: path.join(root, 'forms'), ...env },
  });
  return { status: ran.status, out: ran.stdout, err: ran.stderr };
}

describe('npm run check', () => {
  it('prints the journeys of each form in the folder, and the file with their picture', () => {
    const { status, out, err } = check([]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/gig-driver\.yaml {2}OK: 6 screens, 2 endings, up to 4 journeys, \d+ examples/);
    expect(out).toContain('    → not_yet when old_enough is no\n');
    for (const slug of ['gig-driver', 'prestamo-nomina', 'tenant-check']) {
      expect(out).toContain(`  Picture: data/journeys/${slug}.svg`);
      expect(readFileSync(path.join(folder, `data/journeys/${slug}.svg`), 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/);
    }
  });

  it('prints every error of a file by place, and fails', () => {
    const { status, out, err } = check([fixture('invalid/wrong-target.yaml'), fixture('valid/every-operator.yaml')]);

    expect(status).toBe(1);
    expect(out).toContain('wrong-target.yaml:8:40  there is no screen or ending `not_jet`');
    expect(out).toContain('every-operator.yaml  OK: ');
    expect(err).toMatch(/^\n2 errors to fix\. 1 of 2 forms has errors: .*wrong-target\.yaml\n$/);
  });

  it('says last which of several forms have faults', () => {
    const { err } = check([fixture('invalid/dead-end.yaml'), fixture('valid/every-operator.yaml')]);
    expect(err.trim().split('\n').at(-1)).toMatch(/^1 error to fix\. 1 of 2 forms has errors: .*dead-end\.yaml$/);
    expect(check([fixture('invalid/dead-end.yaml')]).err).toBe('\n1 error to fix.\n');
  });

  it('says that a folder is not a file', () => {
    const { status, out } = check([folder]);
    expect(status).toBe(1);
    expect(out).toContain('this is a folder, not a file');
  });

  it('prints no control character of a form without errors, which a terminal would obey', () => {
    const file = path.join(folder, 'wild.yaml');
    const wild = '"Wild\\e[2J\\e]0;owned\\a\\x9b1m"';
    writeFileSync(
      file,
      `title: ${wild}\nscreens: [{ id: a, title: ${wild}, fields: [{ id: b, type: text, label: ${wild} }] }]\nendings: [{ id: z, title: Z }]\n`,
    );
    const printed = check([file]).out + check(['--privacy', file]).out;

    expect(printed).toContain('  a  Wild\ufffd[2J');
    expect(printed).toContain('# What “Wild\ufffd[2J');
    expect(printed).not.toMatch(/[^\P{Cc}\n]/u);
  });

  itLong('finds a webhook that the site would refuse, and notes a secret that is not set here', () => {
    const file = path.join(folder, 'hooked.yaml');
    const checked = (webhook: string, env: Record<string, string> = {}) => {
      const notice = `{ webhook: "${webhook}", secret_env: ACME_HOOK_SECRET }`;
      writeFileSync(
        file,
        `title: T\nnotify: [${notice}]\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n`,
      );
      return check([file], undefined, env);
    };

    const plain = checked('http://acme.example/hook');
    expect(plain.status).toBe(1);
    expect(plain.out).toContain('this address is not https');

    const good = checked('https://acme.example/hook');
    expect(good.status).toBe(0);
    expect(good.out).toContain(
      'note: ACME_HOOK_SECRET is not set here. Set it on the server, or this form does not go live',
    );

    const bad = checked('https://acme.example/hook', { ACME_HOOK_SECRET: 'short' });
    expect(bad.status).toBe(1);
    expect(bad.out).toContain('ACME_HOOK_SECRET is not base64 of 24 to 64 bytes');
    expect(bad.out).not.toContain('short');

    const secret = { ACME_HOOK_SECRET: 'A'.repeat(43) + '=', WEBHOOK_ALLOWED_HOSTS: 'localhost:4000' };
    const local = checked('http://localhost:4000/hook', secret);
    expect(local.status).toBe(0);
    expect(local.out).not.toContain('note:');
  });

  itLong('notes a colour that cannot be text on a light page, and does not fail for it', () => {
    const file = path.join(folder, 'yellow.yaml');
    const yaml = (color: string) =>
      `title: T\nbrand: { name: Acme, color: "${color}" }\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n`;

    writeFileSync(file, yaml('#ffe600'));
    const yellow = check([file]);
    writeFileSync(file, yaml('#0b6e4f'));
    const green = check([file]);

    expect(yellow.status).toBe(0);
    expect(yellow.out).toContain(
      'yellow.yaml  note: your color #ffe600 is too light for text on a light page (contrast 1.2:1, at least 4.5:1 is needed). Flipsite uses #6a5f00 there instead',
    );
    expect(green.out).not.toContain('note:');
  });

  it('notes two options that look the same, and two rules with one condition, at the line of the second one, and does not fail for them', () => {
    const file = path.join(folder, 'twins.yaml');
    writeFileSync(
      file,
      `title: T
screens:
  - id: a
    title: A
    fields:
      - id: city
        type: select
        label: City
        options:
          - { value: north, label: San Juan }
          - { value: cebu, label: Cebu }
          - { value: south, label: San Juan }
    next:
      - { when: { city: cebu }, go: y }
      - { when: { city: north }, go: z }
      - { when: { city: cebu }, go: z }
endings: [{ id: y, title: Y }, { id: z, title: Z }]
`,
    );
    const { status, out } = check([file]);

    expect(status).toBe(0);
    expect(out).toContain(
      'twins.yaml:12  note: field `city` has two options with the label “San Juan”. People cannot tell them apart. Change one label, or delete one option.',
    );
    expect(out).toContain(
      'twins.yaml:16  note: rule 3 is never used, because rule 1 has the same condition. Change one of the conditions, or delete one of the rules.',
    );
  });

  itLong('still checks where no picture can be written', () => {
    const taken = path.join(folder, 'taken');
    writeFileSync(taken, 'a file, not a folder');

    const { status, out } = check([fixture('valid/every-operator.yaml')], taken);

    expect(status).toBe(0);
    expect(out).toMatch(/Picture: none, because Flipsite cannot write .*every-operator\.svg \(E\w+\)/);
  });

  it('says so when a file is not there', () => {
    expect(check(['nowhere.yaml'])).toEqual({ status: 1, out: '', err: 'There is no file nowhere.yaml.\n' });
  });
});
