/** Runs Smile's widget in this document: the form's page, or a frame. */
import { loadScript } from './load-script.ts';

/** Why a widget failed: its script was blocked or slow, it broke, it showed nothing, or a popup was blocked. */
export type LaunchFailure = 'blocked' | 'slow' | 'broken' | 'silent' | 'popup';

export interface WidgetLaunch {
  script: string;
  userToken: string;
  templateId?: string | undefined;
}

/** Called with the name of one of the nine callbacks and its argument as plain data. */
export type ReportCallback = (name: string, detail: Record<string, unknown>) => void;

const CALLBACKS = [
  'onAccountCreated', 'onAccountConnected', 'onAccountRemoved', 'onAccountError', 'onTokenExpired', 'onClose', 'onUploadsCreated', 'onUploadsRemoved', 'onUIEvent',
]; // prettier-ignore

/** How long a widget may show and report nothing, in ms. */
const SILENCE_MS = 15_000;

/**
 * Loads the script and opens the widget.
 * @returns a function that removes everything the widget added, and tells whether it covered the page. Smile documents no way
 * to close it
 * @throws the `LaunchFailure`
 */
export async function runWidget(
  launch: WidgetLaunch,
  report: ReportCallback,
  onFailure: (failure: LaunchFailure) => void,
): Promise<() => boolean> {
  const { modal: Modal, failure } = await loadScript(launch.script);
  if (!Modal) throw failure;
  const before = new Set<Element>(document.body.children);
  const own = () => [...document.body.children].filter((one) => !before.has(one));
  const restorePopups = watchPopups(() => onFailure('popup'));
  let hasReported = false;
  const timer = setTimeout(() => hasReported || covers(own()) || onFailure('silent'), SILENCE_MS);
  const end = () => {
    clearTimeout(timer);
    restorePopups();
  };
  const callbacks = CALLBACKS.map((name) => [
    name,
    (detail?: unknown) => {
      hasReported = true;
      if (name === 'onClose') end();
      report(name, toPlainData(detail));
    },
  ]);
  try {
    const { userToken, templateId } = launch;
    new Modal({ userToken, ...(templateId && { templateId }), ...Object.fromEntries(callbacks) }).open();
  } catch {
    end();
    throw 'broken' satisfies LaunchFailure;
  }
  return () => {
    const wasShown = covers(own());
    end();
    for (const one of own()) one.remove();
    return wasShown;
  };
}

/** Whether the widget covers the middle of the window. */
function covers(own: Element[]): boolean {
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return own.some((one) => one.contains(middle));
}

/**
 * Reports a blocked popup of the widget. With `noopener` a browser never returns the window, so those are not checked.
 */
function watchPopups(blocked: () => void): () => void {
  const { open } = window;
  window.open = (address, target, features) => {
    const opened = open.call(window, address, target, features);
    if (!opened && !/noopener|noreferrer/.test(features ?? '')) blocked();
    return opened;
  };
  return () => {
    window.open = open;
  };
}

/** The limit for one callback, in characters of JSON, and for one text if the callback is larger. */
const MAX_CHARACTERS = 15_000;
const MAX_TEXT_CHARACTERS = 200;

/** The argument of a callback as plain data of bounded size. In one of Smile's samples it is a bare reason. */
function toPlainData(detail: unknown): Record<string, unknown> {
  let json: string | undefined;
  try {
    json = JSON.stringify(detail);
  } catch {
    return { unreadable: true };
  }
  if (json === undefined) return {};
  const plain: unknown = JSON.parse(json);
  if (typeof plain !== 'object' || plain === null) return { reason: String(plain).slice(0, MAX_TEXT_CHARACTERS) };
  if (json.length <= MAX_CHARACTERS) return plain as Record<string, unknown>;
  const short = Object.entries(plain).filter(
    ([, value]) => typeof value === 'string' && value.length <= MAX_TEXT_CHARACTERS,
  );
  return { ...Object.fromEntries(short.slice(0, 10)), tooLarge: true };
}
