/** Runs Smile's widget in the document that this stands in: the form's page, or a frame of its own. */
import { loadScript } from './load-script.ts';

/** Why a widget did not come: its script was refused, or took too long; it broke; nothing of it can be seen; a window of it was blocked. */
export type LaunchFailure = 'blocked' | 'slow' | 'broken' | 'silent' | 'popup';

export interface WidgetLaunch {
  script: string;
  userToken: string;
  templateId?: string | undefined;
}

/** What the widget says: one of its nine callbacks with what it hands over, made safe to keep and to send. */
export type ReportCallback = (name: string, said: Record<string, unknown>) => void;

const CALLBACKS = [
  'onAccountCreated', 'onAccountConnected', 'onAccountRemoved', 'onAccountError', 'onTokenExpired', 'onClose', 'onUploadsCreated', 'onUploadsRemoved', 'onUIEvent',
]; // prettier-ignore

/** How long a widget may show nothing and say nothing, in ms. */
const PATIENCE = 15_000;

/**
 * Loads the script and opens the widget. Resolves once it was opened.
 * @returns what takes away all that the widget has added; Smile documents no way to close it
 * @throws Why it could not be opened
 */
export async function runWidget(
  launch: WidgetLaunch,
  tell: ReportCallback,
  trouble: (why: LaunchFailure) => void,
): Promise<() => void> {
  const { modal: Modal, why } = await loadScript(launch.script);
  if (!Modal) throw why;
  const before = new Set<Element>(document.body.children);
  const own = () => [...document.body.children].filter((one) => !before.has(one));
  const opens = watchPopups(() => trouble('popup'));
  let heard = false;
  const timer = setTimeout(() => heard || covers(own()) || trouble('silent'), PATIENCE);
  const end = () => {
    clearTimeout(timer);
    opens();
  };
  const callbacks = CALLBACKS.map((name) => [
    name,
    (detail?: unknown) => {
      heard = true;
      if (name === 'onClose') end();
      tell(name, safe(detail));
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
    end();
    for (const one of own()) one.remove();
  };
}

/** Whether what stands in the middle of the window is the widget's. */
function covers(own: Element[]): boolean {
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return own.some((one) => one.contains(middle));
}

/** Tells when a window that the widget opens is blocked. One without an opener is never told to whoever opened it. */
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

/** The largest that is kept of one callback, in characters of JSON, and of one text where all is too large. */
const LARGEST = 15_000;
const LARGEST_TEXT = 200;

/** What a callback hands over, as it can be kept and sent, whatever it is. One of Smile's samples hands over a bare reason. */
function safe(detail: unknown): Record<string, unknown> {
  let json: string | undefined;
  try {
    json = JSON.stringify(detail);
  } catch {
    return { unreadable: true };
  }
  if (json === undefined) return {};
  const said: unknown = JSON.parse(json);
  if (typeof said !== 'object' || said === null) return { reason: String(said).slice(0, LARGEST_TEXT) };
  if (json.length <= LARGEST) return said as Record<string, unknown>;
  const short = Object.entries(said).filter(([, value]) => typeof value === 'string' && value.length <= LARGEST_TEXT);
  return { ...Object.fromEntries(short.slice(0, 10)), tooLarge: true };
}
