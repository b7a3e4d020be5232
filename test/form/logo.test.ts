import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readForm } from '../../src/form/folder.ts';
import { withoutPictures } from '../../src/form/settings/logo-name.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';

describe('the logo beside a form', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'flipsite-logo-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(logo: string) {
    const file = path.join(folder, 'form.yaml');
    const text = `title: T\nbrand: { name: B, logo: ${logo} }\nscreens: [{ id: a, title: A }]\nendings: [{ id: done, title: D }]\n`;
    writeFileSync(file, text);
    const { parsed } = readForm(file, new Date());
    return parsed.ok ? parsed.form.brand?.logo : parsed.faults.map(({ message }) => message).join();
  }
  const write = (name: string, content: string) => writeFileSync(path.join(folder, name), content);

  it('is read into the form, so that its version changes with it', () => {
    write('good.svg', `<?xml version="1.0"?>\n<!-- a -->\n<!-- b -->\n${SVG}`);
    expect(read('good.svg')).toMatch(/^data:image\/svg\+xml;base64,/);
  });

  it('is a fault when it is absent, too large, or not the picture that its name says', () => {
    write('large.svg', SVG + ' '.repeat(100_000));
    write('page.png', '<html>');
    write('comments.svg', `${'<!---->'.repeat(280)}x`);
    expect(read('none.svg')).toBe('the picture none.svg is missing');
    expect(read('large.svg')).toBe('the logo large.svg has 101 kB, which is more than 100 kB');
    expect(read('page.png')).toBe('the content of page.png does not match its name');
    expect(read('comments.svg')).toBe('the content of comments.svg does not match its name');
  });

  it('can be in the text of the form, as the editor uploads it, and is refused where it is no picture', () => {
    const data = (type: string, content: string) => `"data:image/${type};base64,${btoa(content)}"`;
    expect(read(data('svg+xml', SVG))).toBe(`data:image/svg+xml;base64,${btoa(SVG)}`);
    expect(read(data('png', SVG))).toBe('the uploaded logo is not a picture');
    expect(read(data('png', '\x89PNG\r\n\x1a\n'.padEnd(50_000)))).toContain('is a picture of more than 45 kB');
    expect(read(data('html', SVG))).toContain('is not the name of a picture');
    expect(withoutPictures(`logo: ${data('svg+xml', SVG)} # ours`)).toBe('logo: "data:image/svg+xml;base64,PHN2ZyB4bWxu…" # ours'); // prettier-ignore
  });

  it('is refused where a small file unpacks to more pixels than a phone has memory for', () => {
    const size = (pixels: number) => Buffer.from([pixels >> 24, pixels >> 16, pixels >> 8, pixels]).toString('latin1');
    const png = (width: number, height: number) =>
      Buffer.from(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR${size(width)}${size(height)}`, 'latin1');
    writeFileSync(path.join(folder, 'wide.png'), png(5_001, 5_000));
    expect(read('wide.png')).toBe('the logo wide.png has more than 25 million pixels');
    const data = (bytes: Buffer) => `"data:image/png;base64,${bytes.toString('base64')}"`;
    expect(read(data(png(16_000, 16_000)))).toBe('the uploaded logo has more than 25 million pixels');
    expect(read(data(png(5_000, 5_000)))).toMatch(/^data:image/);
  });

  it('gets its error together with the others', () => {
    const file = path.join(folder, 'other.yaml');
    writeFileSync(
      file,
      'title: T\nbrand: { name: B, logo: none.svg }\nscreens: [{ id: a, title: A, fields: [{ id: n, type: text, label: N, required: true }] }]\nendings: [{ id: done, title: D }]\nexamples: [{ name: early, answers: {}, ends: done }]\n',
    );
    const { parsed } = readForm(file, new Date());
    expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([
      'the picture none.svg is missing',
      'example "early" stops at screen `a`: `n`: Enter your n',
    ]);
  });

  it('is neither a pipe, which never ends, nor a link out of the folder', () => {
    execFileSync('mkfifo', [path.join(folder, 'pipe.svg')]);
    symlinkSync('/etc/hostname', path.join(folder, 'link.svg'));
    expect(read('pipe.svg')).toBe('pipe.svg is not a file');
    expect(read('link.svg')).toBe('link.svg is not a file');
  });
});
