/** One visit to the reference form: it is loaded, got wrong, filled in and sent, and every step is measured. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Locator } from 'playwright';
import { openPhone, type Fetched, type Phone } from './phone.ts';
import type { Shift, Shown } from './probe.ts';

export interface Subject {
  name: 'floor' | 'ours';
  address: string;
}

/** Bytes on the wire, milliseconds, or the standard's own score for shifts. */
export interface Visit {
  /** Before the first control could be used. */
  requests: number;
  bytes: number;
  requestsAtRest: number;
  /** From the first answer to the end of the form. */
  bytesLater: number;
  usable: number;
  blocked: number;
  heap: number;
  toError: number;
  toNext: number;
  toField: number;
  toNextOffline: number;
  /** How much was fetched between pressing Next and the next screen. */
  waitedFor: number;
  /** All of it: there was no input yet that could excuse any. */
  shiftAtLoad: number;
  shiftLater: number;
  /** The effect of a press: errors, the next screen, the conditional field. The standard does not count it. */
  shiftExcused: number;
  /** The elements that moved and should not have, by their tags. */
  moved: string[];
}

const FIRST = '[name=full_name]';

/** How long a step may take before the visit is broken off, in milliseconds. */
const PATIENCE = 20_000;

/** @throws where a step did not lead where it should, with the reason as its cause */
export async function visit(browser: Browser, { name, address }: Subject): Promise<Visit> {
  const phone = await openPhone(browser, { first: FIRST, ready: 'form[data-ready]' });
  try {
    const { usable, blocked, shifts } = await load(phone, address);
    const loaded = await phone.fetched();
    const began = await phone.page.evaluate(() => performance.timeOrigin);
    const before = loaded.filter(({ at }) => at < began + usable);
    const heap = await phone.heap();
    const { error, work, employer, finish } = await fillIn(phone);

    const later = (await phone.page.evaluate(() => window.probe.shifts)).slice(shifts.length);
    const led = ({ at }: Shift) => [error, work, employer, finish].some((one) => at >= one.pressed && at <= one.shown);
    // The press excuses its own effects, however slow this machine is today.
    const excused = later.filter((shift) => shift.excused || led(shift));
    const others = later.filter((shift) => !excused.includes(shift));
    return {
      requests: before.length,
      bytes: bytesOf(before),
      requestsAtRest: loaded.length,
      bytesLater: bytesOf(await phone.fetched()) - bytesOf(loaded),
      usable,
      blocked,
      heap,
      toError: took(error),
      toNext: took(work),
      toField: took(employer),
      toNextOffline: took(finish),
      waitedFor: work.fetched.length,
      shiftAtLoad: cumulative(shifts),
      shiftLater: cumulative(others),
      shiftExcused: cumulative(excused),
      moved: [...shifts, ...others].flatMap(({ moved }) => moved),
    };
  } catch (error) {
    throw new Error(`The visit to ${name} at ${address} broke off.`, { cause: error });
  } finally {
    await phone.close();
  }
}

async function load(phone: Phone, address: string) {
  await phone.page.goto(address, { waitUntil: 'commit' });
  const usable = await soon(
    phone.page.evaluate(() => window.probe.usable),
    `${FIRST} could not be used`,
  );
  await phone.rest();
  const { tasks, shifts } = await phone.page.evaluate(() => ({
    tasks: window.probe.tasks,
    shifts: window.probe.shifts,
  }));
  return { usable, shifts, blocked: tasks.reduce((sum, { duration }) => sum + duration - 50, 0) };
}

/** Goes through the whole form, once without a required answer and once without a network. */
async function fillIn({ page, rest, network }: Phone) {
  /** Presses `button`, and waits until something that matches `selector` is on screen. */
  async function press(button: Locator, selector: string): Promise<Shown> {
    // A person scrolls to it first, and the drawing for that is done by the time they press.
    await button.scrollIntoViewIfNeeded();
    await wait(300);
    const showing = page.evaluate((what) => window.probe.press(what), selector);
    const [shown] = await soon(Promise.all([showing, button.tap()]), `${selector} did not show`);
    return shown;
  }
  const next = page.locator('form button:not([type=button]):visible').first();

  const error = await press(next, '[aria-invalid=true]');
  await rest();
  await page.fill(FIRST, 'Ana Pérez');
  await page.fill('[name=email]', 'ana@example.com');
  await rest();
  const work = await press(next, '[name=employment]');
  await rest();
  const employer = await press(page.locator('[name=employment]').first(), '[name=employer]');
  await page.fill('[name=employer]', 'Acme');
  await page.fill('[name=income]', '2500');
  await network(false);
  const finish = await press(next, '[name=consent]');
  await network(true);
  await page.locator('[name=consent]').tap();
  await next.tap();
  await page.getByRole('heading', { name: /^Thank you/ }).waitFor();
  await rest();
  return { error, work, employer, finish };
}

/** @throws the missing effect, when the patience is at its end */
function soon<T>(done: Promise<T>, otherwise: string): Promise<T> {
  const late = wait(PATIENCE, undefined, { ref: false }).then(() => {
    throw new Error(`${otherwise} within ${PATIENCE / 1_000} seconds`);
  });
  return Promise.race([done, late]);
}

const took = ({ pressed, shown }: Shown) => shown - pressed;

const bytesOf = (fetched: Fetched[]) => fetched.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Cumulative Layout Shift: the worst window of shifts that are less than a second apart, five seconds at most
 * (https://web.dev/articles/cls).
 */
function cumulative(shifts: Shift[]): number {
  let worst = 0;
  let window = { began: -Infinity, last: -Infinity, sum: 0 };
  for (const { at, value } of shifts) {
    if (at - window.last >= 1_000 || at - window.began >= 5_000) window = { began: at, last: at, sum: 0 };
    window.last = at;
    window.sum += value;
    worst = Math.max(worst, window.sum);
  }
  return worst;
}
