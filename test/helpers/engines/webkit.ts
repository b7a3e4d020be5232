/**
 * WebKit as Debian and Ubuntu have it, driven through WebDriver (https://www.w3.org/TR/webdriver2/). Playwright drives only
 * a WebKit of its own making. So a page here answers to the part of Playwright's names that journeys in all engines use.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lastingPort } from '../ports.ts';
import type { Engine, EnginePage, Keyboard, Named, Place, Target } from './engines.ts';

/** In milliseconds, as long as Playwright waits in the other tests. */
const PATIENCE = 15_000;

interface Wanted {
  /** A CSS selector. */
  css: string;
  /** A part of the accessible name or the text, or all of it. */
  name?: { source: string; flags: string };
  by?: 'name' | 'text' | 'label';
}

const ROLES: Record<string, string> = {
  alert: '[role=alert]',
  button: 'button, [role=button], input[type=submit]',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  combobox: 'select, [role=combobox]',
  dialog: 'dialog, [role=dialog]',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  link: 'a[href], [role=link]',
  menuitem: '[role=menuitem]',
  option: 'option, [role=option]',
  radio: 'input[type=radio], [role=radio]',
  tab: '[role=tab]',
  textbox: 'input:not([type=checkbox], [type=radio], [type=file], [type=submit]), textarea, [role=textbox]',
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function pattern(name: string | RegExp | undefined, exact = false): Pick<Wanted, 'name'> {
  if (name === undefined) return {};
  if (name instanceof RegExp) return { name: { source: name.source, flags: name.flags } };
  return { name: exact ? { source: `^${escaped(name)}$`, flags: '' } : { source: escaped(name), flags: 'i' } };
}

/** Runs in the page: the first element that is seen and has the name, as far as names matter here. */
function find({ css, name, by }: Wanted): Element | null {
  const textOf = (element: Element | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const labelOf = (element: Element) => {
    const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    if (ids.length) return ids.map((id) => textOf((element.getRootNode() as Document).getElementById(id))).join(' ');
    const given = element.getAttribute('aria-label');
    if (given) return given;
    const { labels } = element as HTMLInputElement;
    return labels?.length ? [...labels].map(textOf).join(' ') : '';
  };
  const nameOf = (element: Element) => {
    if (by === 'text') return textOf(element);
    if (by === 'label') return labelOf(element);
    return labelOf(element) || textOf(element) || element.getAttribute('title') || '';
  };
  const seen = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true }) && (element as HTMLElement).getClientRects().length > 0;
  // Smile's window is in a shadow root.
  const all = (root: Document | ShadowRoot): Element[] => [
    ...root.querySelectorAll(css),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? all(shadowRoot) : [])),
  ];
  const wanted = name && new RegExp(name.source, name.flags);
  const found = all(document).filter(
    (element) => (seen(element) || element.matches('input[type=file]')) && (!wanted || wanted.test(nameOf(element))),
  );
  // Of a text, the innermost element that has it.
  return (by === 'text' ? found.at(-1) : found[0]) ?? null;
}

/** https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS: Record<string, string> = {
  Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Alt: '\uE00A', Escape: '\uE00C',
  End: '\uE010', Home: '\uE011', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Delete: '\uE017',
}; // prettier-ignore

/** The name under which WebDriver passes elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

class NotThere extends Error {}

/** Starts WebKit on a display of its own, which no one sees. @param driver the path of `WebKitWebDriver` */
export async function openWebKit(driver: string): Promise<Engine> {
  const home = mkdtempSync(path.join(tmpdir(), 'flipsite-webkit-'));
  const display = await openDisplay();
  const port = await lastingPort();
  const child = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display.name, HOME: home, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' },
  }); // prettier-ignore
  const at = `http://127.0.0.1:${port}/session`;

  async function ask<T>(method: string, where: string, body?: unknown): Promise<T> {
    const response = await fetch(at + where, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) }); // prettier-ignore
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (response.ok) return value;
    throw new (GONE.has(value.error ?? '') ? NotThere : Error)(
      `WebKit answered ${where}: ${value.error}, ${value.message}`,
    );
  }

  await patiently(() => fetch(at.replace('session', 'status')));
  const browser = { args: ['--automation', '--private'], ...(MINI_BROWSER && { binary: MINI_BROWSER }) };
  const { sessionId } = await ask<{ sessionId: string }>('POST', '', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browser } } }); // prettier-ignore
  const send = <T>(command: string, body: unknown = {}) => ask<T>('POST', `/${sessionId}/${command}`, body);
  const handles = () => ask<string[]>('GET', `/${sessionId}/window/handles`);
  /** The window to which commands go. */
  let current = '';
  function openPage(handle: string): EnginePage {
    const post = async <T>(command: string, body: unknown = {}) => {
      if (current !== handle) await send('window', { handle });
      current = handle;
      return send<T>(command, body);
    };
    const run = <T>(script: (argument: never) => unknown, argument: unknown = null) =>
      post<T>('execute/sync', { script: `return (${String(script)})(arguments[0])`, args: [argument] });

    const keyboard: Keyboard = {
      async press(combination) {
        const keys = combination.split('+').map((key) => KEYS[key] ?? key);
        const down = keys.map((value) => ({ type: 'keyDown', value }));
        const up = keys.toReversed().map((value) => ({ type: 'keyUp', value }));
        await post('actions', { actions: [{ type: 'key', id: 'keys', actions: [...down, ...up] }] });
      },
      async type(text) {
        const actions = [...text].flatMap((letter) => {
        const value = letter === '\n' ? KEYS['Enter'] : letter;
        return [{ type: 'keyDown', value }, { type: 'keyUp', value }];
      }); // prettier-ignore
        await post('actions', { actions: [{ type: 'key', id: 'keys', actions }] });
      },
    };

    /** Finds elements in the page, or in a frame of it. */
    function placeIn(frames: string[]): Place {
      const enter = async () => {
        await post('frame', { id: null });
        for (const css of frames)
          await post('frame', { id: await post('element', { using: 'css selector', value: css }) });
      };
      const targetOf = (wanted: Wanted): Target => {
        const look = async () => {
          await enter();
          return run<Record<string, string> | null>(find as (wanted: never) => unknown, wanted);
        };
        const told = JSON.stringify({ ...wanted, frames });
        // The driver's own click says that a field in a shadow root is covered.
        const click = async (element: Record<string, string>) => {
          const place = () => run<string>(placeOf as never, element);
          // A click on a moving element would miss it.
          const before = await place();
          // Longer than a picture takes.
          await pause(40);
          if (!before || before !== (await place())) throw new NotThere(`WebKit still moves or covers ${told}`);
          const steps = [{ type: 'pointerMove', origin: element, x: 0, y: 0 }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }]; // prettier-ignore
          await post('actions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: steps }] }); // prettier-ignore
        };
        /** Does something with the element as soon as it is there, can be seen, and is not covered. */
        const act = <T>(does: (id: string, element: Record<string, string>) => Promise<T>): Promise<T> =>
          patiently(async () => {
            const element = await look();
            if (!element) throw new NotThere(`WebKit shows no ${told}`);
            return does(element[ELEMENT] ?? '', element);
          });
        return {
        click: () => act((_, element) => click(element)),
        check: () => act(async (_, element) => { if (!(await run<boolean>(((box: HTMLInputElement) => box.checked) as never, element))) await click(element); }),
        fill: (text) => act(async (id, element) => {
          // In a frame, only a control that was clicked has the focus.
          await click(element);
          await post(`element/${id}/clear`);
          // The click may have gone to the day of a date.
          await run(((control: HTMLElement) => (control.blur(), control.focus())) as never, element);
          if (text) await post(`element/${id}/value`, { text: keysOf(text) });
        }),
        press: async (combination) => {
          await act((_, element) => run(((control: HTMLElement) => control.focus()) as never, element));
          await keyboard.press(combination);
        },
        setInputFiles: (file) => act((id) => post(`element/${id}/value`, { text: file })),
        selectOption: ({ label }) => act((_, element) => run(choose as never, [element, label])),
        innerText: () => act((_, element) => run(((one: HTMLElement) => one.innerText) as never, element)),
        inputValue: () => act((_, element) => run(((one: HTMLInputElement) => one.value) as never, element)),
        waitFor: ({ state = 'visible' } = {}) => patiently(async () => {
          if (Boolean(await look()) !== (state === 'visible')) throw new NotThere(`WebKit waited until ${told} was ${state}`);
        }),
      }; // prettier-ignore
      };
      return {
        getByRole: (role, { name, exact }: Named = {}) => targetOf({ css: ROLES[role] ?? `[role=${role}]`, by: 'name', ...pattern(name, exact) }), // prettier-ignore
        getByLabel: (name, { exact } = {}) => targetOf({ css: 'input, select, textarea, [aria-label], [aria-labelledby]', by: 'label', ...pattern(name, exact) }), // prettier-ignore
        getByText: (name, { exact } = {}) => targetOf({ css: 'body *:not(script, style)', by: 'text', ...pattern(name, exact) }), // prettier-ignore
        locator: (css) => targetOf({ css }),
        frameLocator: (css) => placeIn([...frames, css]),
      };
    }

    return {
      ...placeIn([]),
      keyboard,
      goto: (url) => post('url', { url }),
      reload: () => post('refresh'),
      async evaluate(script, argument) {
        await post('frame', { id: null });
        return run(script as never, argument);
      },
      setViewportSize: (size) => post('window/rect', { x: 0, y: 0, ...size }),
      async screenshot({ path: file }) {
        await post('frame', { id: null });
        writeFileSync(file, Buffer.from(await ask<string>('GET', `/${sessionId}/screenshot`), 'base64'));
      },
      async close() {
        await post('frame', { id: null });
        await ask('DELETE', `/${sessionId}/window`);
        current = '';
      },
    };
  }

  const page = openPage((await handles())[0] ?? '');
  // The driver scrolls a frame to the control that it clicks, and not the page around the frame. So that page is high enough.
  await page.setViewportSize({ width: 1280, height: 1500 });
  return {
    page,
    async newPage() {
      const { handle } = await send<{ handle: string }>('window/new', { type: 'window' });
      return openPage(handle);
    },
    async opened(act) {
      const before = await handles();
      await act();
      return openPage(
        await patiently(async () => {
          const handle = (await handles()).find((one) => !before.includes(one));
          if (handle === undefined) throw new NotThere('WebKit opened no window');
          return handle;
        }),
      );
    },
    async close() {
      await ask('DELETE', `/${sessionId}`);
      await ended(child);
      await display.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Debian's driver knows where its browser is. */
const MINI_BROWSER = process.env['WEBKIT_BROWSER_PATH'];

/** Errors of WebDriver that pass when the page goes on. */
const GONE = new Set(['no such element', 'no such frame', 'stale element reference', 'element not interactable', 'element click intercepted', 'no such window']); // prettier-ignore

/**
 * Runs in the page, perhaps without scripts and so without their clock: scrolls to the element.
 * @returns where it is; empty while the layer of a new screen takes its clicks
 */
function placeOf(element: HTMLElement): string {
  element.scrollIntoView({ block: 'nearest' });
  const box = element.getBoundingClientRect();
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return hit?.matches('section') ? '' : JSON.stringify(box);
}

/** Runs in the page: chooses an option as a person does. */
function choose([select, label]: [HTMLSelectElement, string]): void {
  select.value = [...select.options].find((option) => option.label === label)?.value ?? '';
  for (const name of ['input', 'change']) select.dispatchEvent(new Event(name, { bubbles: true }));
}

/** A date is typed as WebKit shows its parts in English: month, day, year. */
const keysOf = (text: string) => text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$2/$3/$1');

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      // `fetch` throws a TypeError while the driver does not listen yet.
      if (!(error instanceof NotThere || error instanceof TypeError) || Date.now() > until) throw error;
      await pause(50);
    }
  }
}

/** A display in memory. */
async function openDisplay(): Promise<{ name: string; close(): Promise<void> }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1600x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((found, failed) => {
    server.stdio[3]?.once('data', (data: Buffer) => found(String(data).trim()));
    server.once('error', failed);
    server.once('exit', () => failed(new Error('Xvfb ended before it had a display')));
  });
  return { name: `:${number}`, close: () => ended(server) };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  if (child.exitCode === null && child.kill()) await gone;
}
