/**
 * Typing in the editor, in a form of 3,000 lines with the processor slowed four times: the time from a key to the next frame,
 * and the work of the page's thread for a key.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { chromiumPath } from '../helpers/browser.ts';
import { formOf } from '../helpers/samples/large-forms.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';
import { inEditor, spreadOf, VIEWPORT, type Spread } from './typing.ts';

const SLOWER = 4;
const KEYS = 100;
/** The pause between two keys of a quick person, in ms. */
const BETWEEN_MS = 120;
const GOAL_MS = 50;
/** The browser tells the time from a key to its picture from this on, and rounds it to 8 ms. In ms. */
const LEAST_PAINT_MS = 16;
/** The names of marks in the trace of the browser. */
const [KEY_MARK, FRAME_MARK] = ['a key', 'its frame'];

const LINES = ['required: true', 'max_length: 80', 'help: A line of help that says what to write'];

/** On Linux, starts a program before all others of the machine. Only root may, or a program with CAP_SYS_NICE. */
const FIRST = ['chrt', '--rr', '1'] as const;

/**
 * A program in `folder` that starts the browser with real-time priority. The site checks the text after each key. In
 * reality it runs on another machine, so here it must not take the processor from the browser.
 *
 * @returns undefined where this is not allowed
 */
async function browserFirst(folder: string): Promise<string | undefined> {
  const [chrt, ...options] = FIRST;
  if (spawnSync(chrt, [...options, 'true']).status !== 0) return undefined;
  const program = path.join(folder, 'browser');
  writeFileSync(program, `#!/bin/sh\nexec ${FIRST.join(' ')} '${await chromiumPath()}' "$@"\n`, { mode: 0o700 });
  return program;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** The begin and the duration, and of it the time on the processor. All in µs. A task that the trace cuts has no duration. */
  ts: number;
  dur?: number;
  tdur?: number;
  /** Where the browser asked for the task. */
  args?: { src_file?: string };
}

interface Work {
  /** For each key, the time of all tasks from the key to the frame with it. */
  untilFrame: number[];
  /** For each key, its longest task, and the sum of all tasks until the next key. */
  longest: number[];
  sum: number[];
  /** The longest task in which the browser collects garbage while it waits for a key. Its moment does not depend on a key. */
  collection: number;
}

/** The processor time of the page's thread, in ms. */
function workOf(trace: Buffer): Work {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const marks = (mark: string) => traceEvents.filter(({ name }) => name === mark).toSorted((a, b) => a.ts - b.ts);
  const [keys, frames] = [marks(KEY_MARK), marks(FRAME_MARK)];
  const none = () => keys.map(() => 0);
  const work: Work = { untilFrame: none(), longest: none(), sum: none(), collection: 0 };
  const add = (times: number[], key: number, ms: number) => (times[key] = (times[key] ?? 0) + ms);
  for (const { name, pid, tid, ts, dur = 0, tdur = 0, args } of traceEvents) {
    if (name !== 'ThreadControllerImpl::RunTask' || pid !== keys[0]?.pid || tid !== keys[0].tid) continue;
    const [key, ms] = [keys.findLastIndex((one) => one.ts < ts + dur), tdur / 1_000];
    if (key < 0) continue;
    const isCollection = args?.src_file?.startsWith('v8/src/heap/') === true;
    if (isCollection) work.collection = Math.max(work.collection, ms);
    else work.longest[key] = Math.max(work.longest[key] ?? 0, ms);
    add(work.sum, key, ms);
    if (ts < (frames[key]?.ts ?? Infinity)) add(work.untilFrame, key, ms);
  }
  return work;
}

const inMs = ({ median, high, most }: Spread): string => `${[median, high, most].map(Math.round).join(' / ')} ms`;

/** Types, and prints a row. @returns the times and the work from a key to its frame, in ms */
async function typeKeys(page: Page, browser: Browser, where: string): Promise<Spread[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const noted = await page.evaluateHandle(
    ([keyMark, frameMark, leastMs]) => {
      const [frames, paints, end] = [[] as number[], [] as number[], new AbortController()];
      const observer = new PerformanceObserver((list) => {
        for (const { name, duration } of list.getEntries()) if (name === 'keydown') paints.push(duration);
      });
      observer.observe({ type: 'event', durationThreshold: leastMs } as PerformanceObserverInit);
      const drawn = new MessageChannel();
      let pressed = 0;
      // The frame is drawn when a message that is sent in it arrives.
      drawn.port1.onmessage = () => {
        performance.mark(frameMark);
        frames.push(performance.now() - pressed);
      };
      addEventListener('keydown', ({ timeStamp }) => {
      pressed = timeStamp;
      performance.mark(keyMark);
      requestAnimationFrame(() => drawn.port2.postMessage(0));
    }, { capture: true, signal: end.signal }); // prettier-ignore
      return () => {
        end.abort();
        observer.disconnect();
        return { frames, paints };
      };
    },
    [KEY_MARK, FRAME_MARK, LEAST_PAINT_MS] as const,
  );
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press('abcdefghij '.charAt(key % 11));
    await page.waitForTimeout(BETWEEN_MS);
  }
  const { collection, ...work } = workOf(await browser.stopTracing());
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const { frames, paints } = await noted.evaluate((end) => end());
  const quick = Array.from({ length: KEYS - paints.length }, () => LEAST_PAINT_MS);
  const spreads = [frames, [...quick, ...paints], work.untilFrame, work.longest, work.sum].map(spreadOf);
  console.log(`| ${[where, ...spreads.map(inMs), `${Math.round(collection)} ms`].join(' | ')} |`);
  const [toFrame, , untilFrame] = spreads;
  return [toFrame, untilFrame].filter((spread) => spread !== undefined);
}

/** Boxes of a page without any script or style: the time that the browser and the machine need for themselves. */
async function typeOnEmptyPage(browser: Browser, text: string): Promise<void> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.setContent(
    `<!doctype html><title>Empty</title><input aria-label="One line"><textarea aria-label="The text" rows="40" cols="80">${text}</textarea>`,
  );
  for (const box of ['One line', 'The text']) {
    await page.getByLabel(box).click();
    await typeKeys(page, browser, `an empty page: ${box.toLowerCase()}`);
  }
  await page.close();
}

export async function run(): Promise<boolean> {
  const times: Spread[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-'));
  const program = await browserFirst(folder);
  const form = formOf(200, LINES);
  const type = async (page: Page, _site: TestSite, browser: Browser): Promise<void> => {
    const lines = form.split('\n').length.toLocaleString('en');
    const order = program
      ? `the browser before all other programs (${FIRST.join(' ')})`
      : 'the browser beside the site';
    console.log(
      `${lines} lines, ${KEYS} keys, a processor ${SLOWER} times slower, ${order}, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
    console.log(
      'Each cell has half / 95 of 100 / most. Work is time of the processor. Goal: from each key to its frame, the time and the work are at most',
      `${GOAL_MS} ms.\n`,
    );
    console.log(
      '| Typing in | Key to frame | Key to picture | Work until the frame | Longest task of a key | All tasks of a key | Longest collection of garbage |',
    );
    console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
    await typeOnEmptyPage(browser, form);
    const outline = page.getByRole('region', { name: 'Outline', exact: true });
    await outline.getByRole('button', { name: 'Question a of screen 100' }).first().click();
    const question = page.getByRole('region', { name: 'Edit', exact: true }).getByLabel('Question', { exact: true });
    await question.press('End');
    times.push(...(await typeKeys(page, browser, 'a panel, beside the outline')));
    await page.getByRole('link', { name: 'Text', exact: true }).click();
    const text = page.getByRole('textbox', { name: 'Text of the form' });
    await text.getByText('title: Screen 100').first().click();
    await page.keyboard.press('End');
    times.push(...(await typeKeys(page, browser, 'the text')));
  };
  await inEditor(form, type, program).finally(() => removeFolder(folder));
  return times.every(({ most }) => most <= GOAL_MS);
}
