import { readFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explore } from '../../../src/form/check/explore.ts';
import { journeyText } from '../../../src/form/check/outline.ts';
import { journeySvg } from '../../../src/form/check/picture.ts';
import { countJourneys, formSizeInWords } from '../../../src/form/check/transitions.ts';
import { chromiumPath } from '../../helpers/browser.ts';
import { compile, fixture } from '../../helpers/compile.ts';

const DRIVER = compile(
  `
title: Become a driver
brand: { name: Acme, color: "#0b6e4f" }
screens:
  - id: about
    title: About <you> & "yours"
    fields:
      - { id: status, type: radio, label: Status, options: [{ value: employed, label: E }, { value: none, label: N }] }
      - { id: age, type: number, label: Age }
      - { id: car, type: yes_no, label: Car }
    next:
      - { when: { status: none }, go: not_yet }
      - { when: { age: { at_least: 18, less_than: 21 }, any: [{ car: true }, { status: { not: employed } }] }, go: photos }
  - id: connect
    title: Connect
    wink: { require: connected }
    next:
      - { when: { connect: [failed, skipped] }, go: photos }
      - { when: { connect: failed }, go: not_yet }
      - { go: done }
  - { id: photos, title: Photos, next: done }
endings:
  - { id: done, title: Thank you, redirect: "https://acme.example/done" }
  - { id: not_yet, title: Not yet, outcome: disqualified }
`,
  'driver.yaml',
);

const many = compile(`
title: Many
screens:
${Array.from({ length: 200 }, (_, n) => {
  const rule = n < 190 && n % 2 ? `, next: [{ when: { f${n}: true }, go: ${n % 3 ? `s${n + 7}` : 'other'} }]` : '';
  return `  - { id: s${n}, title: Screen number ${n}, fields: [{ id: f${n}, type: yes_no, label: F }]${rule} }`;
}).join('\n')}
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`);

const operators = compile(readFileSync(fixture('valid/every-operator.yaml'), 'utf8'), 'every-operator.yaml');

describe('the journeys as a list', () => {
  it('has the next screens of each screen, with their conditions', () => {
    expect(journeyText(DRIVER, explore(DRIVER))).toBe(
      `
about    About <you> & "yours"
  → not_yet when status is none
  → photos when age is at least 18 and age is less than 21 and (car is yes or status is not employed)
  → connect otherwise
connect  Connect  (Wink: connected)
  → photos when connect is failed or skipped
  → not_yet when connect is failed (never used)
  → done otherwise
photos   Photos
  → done
done     Thank you  (ending)
not_yet  Not yet  (ending, disqualified)`.trim(),
    );
  });

  it('are counted by the ways through the form', () => {
    expect(formSizeInWords(DRIVER, explore(DRIVER))).toBe('3 screens, 2 endings, up to 4 journeys');
    expect(countJourneys(many, explore(many))).toBeGreaterThan(10n ** 9n);
  });

  it('are one journey when nothing turns off', () => {
    const straight = compile('title: T\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n');

    expect(formSizeInWords(straight, explore(straight))).toBe('1 screen, 1 ending, 1 journey');
  });

  it('are not counted when some would never end', () => {
    const edges = [{ from: 'a', rule: 0, to: 'a' }];
    const journeys = { ...explore(DRIVER), edges, loops: edges };

    expect(countJourneys(DRIVER, journeys)).toBeUndefined();
  });
});

describe('the journeys as a picture', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  it('has the questions on the way and each ending in words', () => {
    const svg = journeySvg(DRIVER, explore(DRIVER));

    for (const words of [
      'Become a driver',
      '/driver · 3 screens, 2 endings, up to 4 journeys',
      'status is none',
      '(never used)',
      'otherwise',
      'Wink',
      'not_yet · ending, disqualified',
      'done · ending, continues at acme.example',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('need nothing from elsewhere and run nothing', () => {
    const svg = journeySvg(DRIVER, explore(DRIVER));

    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|href|<script|<image|@import|url\(|\son\w+=/,
    );
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('have their colours where nothing but librsvg draws them, too', async () => {
    const svg = journeySvg(DRIVER, explore(DRIVER));
    const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
    const colours = new Set<string>();
    for (let at = 0; at < data.length; at += info.channels) colours.add(data.subarray(at, at + 3).toString('hex'));
    for (const colour of ['fbfaf7', 'ffffff', '0b6e4f']) expect(colours).toContain(colour);
  });

  it('has the author’s markup as text', async () => {
    const page = await browser.newPage();
    const nasty = { ...DRIVER, title: `<script>x</script> ]]> & " ' \u0000\ud800 العربية` };
    await page.setContent('');

    const parsed = await page.evaluate(
      (svg) => {
        const { documentElement: root } = new DOMParser().parseFromString(svg, 'image/svg+xml');
        return {
          root: root.nodeName,
          scripts: root.getElementsByTagName('script').length,
          title: root.getElementsByTagName('title')[0]?.textContent,
          texts: [...root.getElementsByTagName('text')].map(({ textContent }) => textContent),
        };
      },
      journeySvg(nasty, explore(nasty)),
    );

    expect(parsed.root).toBe('svg');
    expect(parsed.scripts).toBe(0);
    expect(parsed.title).toBe(`The journeys of <script>x</script> ]]> & " '  العربية`);
    expect(parsed.texts).toContain('About <you> & "yours"');
    await page.close();
  });

  it.each([
    ['a form with Wink and a disqualification', DRIVER],
    ['a form with every operator', operators],
    ['a form of 200 screens', many],
  ])('stay within the picture for %s, and no two boxes overlap', async (_what, form) => {
    const page = await browser.newPage();
    await page.setContent(journeySvg(form, explore(form)));

    const { width, height, boxes, drawn } = await page.evaluate(() => {
      const svg = document.querySelector('svg');
      const around = (all: Iterable<Element>) =>
        [...all]
          .map((one) => (one as SVGGraphicsElement).getBBox())
          .map(({ x, y, width, height }) => ({ x, y, width, height }));
      return {
        width: svg?.width.baseVal.value ?? 0,
        height: svg?.height.baseVal.value ?? 0,
        boxes: around(document.querySelectorAll('.box')),
        drawn: around(document.querySelectorAll('text, .way, .box')),
      };
    });

    expect(boxes).toHaveLength(form.screens.length + form.endings.length);
    boxes.slice(1).forEach(({ y }, at) => expect(y).toBeGreaterThan((boxes[at]?.y ?? 0) + (boxes[at]?.height ?? 0)));
    for (const { x, y, width: wide, height: high } of drawn) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + wide).toBeLessThanOrEqual(width);
      expect(y + high).toBeLessThanOrEqual(height);
    }
    await page.close();
  });
});
