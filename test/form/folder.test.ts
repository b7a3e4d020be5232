import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Document } from 'yaml';
import { createFolderReader, readForm, readForms } from '../../src/form/folder.ts';
import { fixture, NOW } from '../helpers/compile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forms-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = 'title: T\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n';

function faultsOf(name: string, content: string | Uint8Array) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { parsed } = readForm(file, NOW);
  return parsed.ok ? [] : parsed.faults.map(({ line, message, remedy }) => `${line} ${message}. ${remedy}`);
}

describe('a file', () => {
  it('whose check throws has an error that says so, keeps no other form from being read, and its stack is logged', () => {
    const forms = path.join(folder, 'with-exception');
    mkdirSync(forms);
    for (const name of ['bad', 'good']) writeFileSync(path.join(forms, `${name}.yaml`), GOOD);
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const bug = new TypeError('no such zone');

    const read = readForms(forms, NOW, ({ slug }) => {
      if (slug === 'bad') throw bug;
      return [];
    });

    const message = 'Flipsite could not check this form, because of an error in Flipsite: TypeError: no such zone';
    expect(read).toMatchObject([{ parsed: { ok: false, faults: [{ message }] } }, { parsed: { ok: true } }]);
    expect(logged.mock.calls).toEqual([[`Could not check ${path.join(forms, 'bad.yaml')}.`, bug]]);
  });

  it('that begins with a byte order mark and ends its lines as Windows does is good', () => {
    const yaml = readFileSync(fixture('valid/every-operator.yaml'), 'utf8');

    expect(faultsOf('windows.yaml', `\uFEFF${yaml.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  it('has the lines of its faults counted after a byte order mark and Windows’ line ends', () => {
    const yaml = `\uFEFF${GOOD.replace('title: A', 'titel: A')}`.replaceAll('\n', '\r\n');

    expect(faultsOf('windows-fault.yaml', yaml)).toEqual(['2 screen `a` has an unknown key `titel`. Write `title`.']);
  });

  it('that is not UTF-8 is one fault that says how to save it', () => {
    const latin1 = Buffer.from(GOOD.replace('title: T', 'title: Año nuevo'), 'latin1');

    expect(faultsOf('latin1.yaml', latin1)).toEqual(['1 the file is not UTF-8 text. Save the file as UTF-8.']);
    expect(faultsOf('utf16.yaml', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'))).toHaveLength(1);
    expect(faultsOf('picture.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8]))).toHaveLength(1);
  });

  it.each([1.1, 5])('of %d MB is one error, with any content', (megabytes) => {
    const filler = `${GOOD}${`# ${'x'.repeat(98)}\n`.repeat(Math.ceil(megabytes * 10_000))}`;

    const [fault, ...more] = faultsOf('large.yaml', filler);

    expect(more).toEqual([]);
    expect(fault).toMatch(/Split it into several forms\.$/);
  });

  it('that is a folder is a fault, and keeps no other form from being read', () => {
    const forms = path.join(folder, 'several');
    mkdirSync(path.join(forms, 'folder.yaml'), { recursive: true });
    writeFileSync(path.join(forms, 'good.yaml'), GOOD);
    writeFileSync(path.join(forms, '.#good.yaml'), 'left by an editor');
    writeFileSync(path.join(forms, 'notes.txt'), 'no form');

    const read = readForms(forms, NOW);

    expect(read.map(({ slug, parsed }) => `${slug} ${parsed.ok}`)).toEqual(['folder false', 'good true']);
  });

  it('that is a link is read only inside its folder, and a device never', () => {
    const [own, outside] = [mkdtempSync(path.join(tmpdir(), 'links-')), mkdtempSync(path.join(tmpdir(), 'outside-'))];
    mkdirSync(path.join(own, '..data'));
    writeFileSync(path.join(own, '..data', 'inside.yaml'), GOOD);
    writeFileSync(path.join(outside, '.env'), 'SECRET_TOKEN=abc123\n');
    symlinkSync(path.join('..data', 'inside.yaml'), path.join(own, 'inside.yaml'));
    symlinkSync(path.join(outside, '.env'), path.join(own, 'secret.yaml'));
    symlinkSync('/dev/zero', path.join(own, 'zero.yaml'));
    execFileSync('mkfifo', [path.join(own, 'waiting.yaml')]);
    const read = readForms(own, NOW).map(({ slug, parsed }) => [slug, parsed.ok || parsed.faults[0]?.message]);
    expect(read).toEqual([
      ['inside', true],
      ['secret', 'the file is a link to another folder'],
      ['waiting', 'this is a device and no file'],
      ['zero', 'the file is a link to another folder'],
    ]);
    for (const one of [own, outside]) rmSync(one, { recursive: true });
  });

  it('that has the address of another one is a fault of both', () => {
    const forms = path.join(folder, 'twins');
    mkdirSync(forms);
    writeFileSync(path.join(forms, 'one.yaml'), GOOD);
    writeFileSync(path.join(forms, 'one.yml'), GOOD);

    const told = readForms(forms, NOW).map(({ parsed }) => (parsed.ok ? '' : parsed.faults[0]?.message));

    expect(told).toEqual(['one.yml has the same address, /one', 'one.yaml has the same address, /one']);
  });
});

describe('a folder that is read again', () => {
  afterEach(() => vi.restoreAllMocks());

  /** A reader of a new folder with these files, and the number of YAML texts that each call of it reads. */
  function reader(files: Record<string, string>) {
    const forms = mkdtempSync(path.join(folder, 'read-'));
    const write = (name: string, content: string) => writeFileSync(path.join(forms, name), content);
    for (const [name, content] of Object.entries(files)) write(name, content);
    const toJS = vi.spyOn(Document.prototype, 'toJS');
    const read = createFolderReader();
    const countReads = async (now = NOW) => {
      const before = toJS.mock.calls.length;
      const faults = (await read(forms, now)).flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults));
      expect(faults).toEqual([]);
      return toJS.mock.calls.length - before;
    };
    return { write, countReads };
  }

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';
  const withLogo = (logo: string) => `${GOOD}brand: { name: B, logo: ${logo} }\n`;

  it('has the YAML of each form read once, with a logo too', async () => {
    const { countReads } = reader({ 'a.yaml': GOOD, 'b.yaml': GOOD, 'c.yaml': withLogo('c.svg'), 'c.svg': SVG });
    expect(await countReads()).toBe(3);
    expect(await countReads()).toBe(0);
  });

  it('has only the file read that changed, and all of them on the next day', async () => {
    const { write, countReads } = reader({ 'a.yaml': GOOD, 'b.yaml': GOOD, 'c.yaml': GOOD });
    await countReads();
    write('b.yaml', GOOD.replace('title: T', 'title: Changed'));
    expect(await countReads()).toBe(1);
    write('d.yaml', GOOD);
    expect(await countReads()).toBe(1);
    expect(await countReads(new Date(NOW.getTime() + 86_400_000))).toBe(4);
  });

  it('has only the form of a picture read that changed', async () => {
    const logos = { 'b.svg': SVG, 'c.svg': SVG };
    const { write, countReads } = reader({ 'a.yaml': GOOD, 'b.yaml': withLogo('b.svg'), 'c.yaml': withLogo('c.svg'), ...logos }); // prettier-ignore
    await countReads();
    write('b.svg', SVG.replace('4', '41'));
    expect(await countReads()).toBe(1);
    write('other.svg', SVG);
    expect(await countReads()).toBe(0);
  });
});

describe('two forms with a link of the same id', () => {
  it('get one error on the second form, which names the first one', () => {
    const forms = path.join(folder, 'links');
    mkdirSync(forms);
    const withLink = (id: string) => `${GOOD}links:\n  - { id: ${id} }\n`;
    writeFileSync(path.join(forms, 'drive.yaml'), withLink('sms'));
    writeFileSync(path.join(forms, 'loan.yaml'), withLink('sms'));
    writeFileSync(path.join(forms, 'rent.yaml'), withLink('poster'));
    const faults = () =>
      readForms(forms, NOW).map(({ parsed }) => (parsed.ok ? [] : parsed.faults.map(({ line, message }) => `${line} ${message}`))); // prettier-ignore
    expect(faults()).toEqual([[], ['5 the link `sms` is already used in drive.yaml'], []]);
    writeFileSync(path.join(forms, 'drive.yaml'), withLink('flyer'));
    expect(faults()).toEqual([[], [], []]);
  });
});
