/**
 * `/embed.js`: shows forms in other websites. It has no dependency, writes no inline style, and needs no cookie or storage.
 * `<div data-flipsite="driver" data-mode="popup"><a href="https://forms.acme.example/driver">Apply</a></div>`
 */
import type { EmbedEventName, EmbedEvents, FromFormFrame, ToFormFrame } from '../contract/embed.ts';

type Mode = 'inline' | 'popup' | 'side';

interface OpenOptions {
  mode?: Exclude<Mode, 'inline'>;
  /** The id of a campaign link. */
  link?: string;
  language?: string;
  /** Values to fill in, by field or param. */
  values?: Record<string, string>;
  /** The name of the frame, for screen readers. */
  title?: string;
}

const script = document.currentScript as HTMLScriptElement;
/** The address of the site of forms, with its path and a slash at the end. */
const site = new URL('.', script.src);

/** No page is higher, in CSS pixels. */
const MAX_HEIGHT = 20_000;
/** A page that grows because it grew would do so all the time. People cause a few changes a second. */
const MAX_CHANGES_A_SECOND = 20;
/** After a page is loaded, a form answers within this time. Until then, it may be hidden. */
const MAX_SILENT_MS = 1_000;

function addressOf(form: string, { link, language, values = {} }: OpenOptions): string {
  const url = new URL(form + (language ? `/${language}` : ''), site);
  // A form is never continued from a link of the website around it.
  url.hash = '';
  // A form of another site is not shown, whatever its name says.
  if (url.origin !== site.origin || !url.pathname.startsWith(site.pathname)) throw new Error(`${form} is not a form of ${site.href}`); // prettier-ignore
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  if (link) url.searchParams.set('link', link);
  return url.href;
}

const style = (element: HTMLElement, styles: Partial<CSSStyleDeclaration>) => Object.assign(element.style, styles);

/** A frame with a form. Its events are dispatched on `target`. @param whenSilent called if the frame shows no form */
function frameOf(form: string, options: OpenOptions, target: EventTarget, whenSilent?: () => void): HTMLIFrameElement {
  const isInline = !whenSilent;
  const frame = document.createElement('iframe');
  frame.src = addressOf(form, options);
  frame.title = options.title ?? form;
  frame.allow = 'camera; clipboard-write';
  const light = !hasDarkColors(target instanceof Element ? target : document.documentElement);
  // Firefox tells the frame these colors, and the greeting tells them in other browsers.
  style(frame, { border: '0', width: '100%', height: isInline ? '30rem' : '100%', display: 'block', colorScheme: light ? 'light' : 'light dark' }); // prettier-ignore
  // On a dark device, the form is dark until the greeting reaches it. A page without a form never answers the greeting.
  const show = () => style(frame, { opacity: '' });
  if (light && matchMedia('(prefers-color-scheme: dark)').matches) {
    style(frame, { opacity: '0' });
    frame.addEventListener('load', () => setTimeout(show, MAX_SILENT_MS));
  }
  let hasForm = false;
  if (whenSilent) frame.addEventListener('load', () => setTimeout(() => hasForm || whenSilent(), MAX_SILENT_MS));
  let changes: number[] = [];
  let height = 0;
  let screens = 0;
  addEventListener('message', function listen({ source, origin, data }: MessageEvent<FromFormFrame | undefined>) {
    // A closed popup is gone. A website may take a form out of its page and put it back, as tabs do.
    if (!isInline && !frame.isConnected) return removeEventListener('message', listen);
    if (source !== frame.contentWindow || origin !== site.origin || data?.flipsite !== 1) return;
    hasForm = true;
    if (data.type === 'ready') {
      const hello: ToFormFrame = { flipsite: 1, type: 'hello', light };
      return frame.contentWindow?.postMessage(hello, site.origin);
    }
    show();
    if (data.type === 'height') {
      const now = performance.now();
      changes = changes.filter((at) => now - at < 1_000);
      const next = Math.min(Math.ceil(data.detail.height), MAX_HEIGHT);
      if (!(next > 0) || next === height || changes.length >= MAX_CHANGES_A_SECOND) return;
      changes.push(now);
      height = next;
      if (isInline) frame.style.height = `${height}px`;
    }
    // The next screen begins above the button that was pressed, and so does the sign-in window.
    const isNew = data.type === 'top' || (data.type === 'screen' && screens++);
    if (isNew && isInline && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    if (data.type === 'escape') return isInline ? undefined : frame.closest('dialog')?.close();
    if (data.type !== 'top' && data.type !== 'closed') dispatch(target, data.type, data.detail);
  });
  return frame;
}

/** Whether the website around `element` says that it has dark colors, in its style or in its head. */
function hasDarkColors(element: Element): boolean {
  const { colorScheme } = getComputedStyle(element);
  const inHead = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')?.content ?? '';
  return (colorScheme === 'normal' ? inHead : colorScheme).includes('dark');
}

const dispatch = <Name extends EmbedEventName>(target: EventTarget, name: Name, detail: EmbedEvents[Name]) =>
  target.dispatchEvent(new CustomEvent(`flipsite:${name}`, { detail, bubbles: true }));

/** Opens a form above the page. Its events are dispatched on `target`. */
function open(form: string, options: OpenOptions = {}, target: EventTarget = document): void {
  const dialog = document.createElement('dialog');
  const isSide = options.mode === 'side';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '✕';
  close.ariaLabel = 'Close';
  close.onclick = () => dialog.close();
  const small = innerWidth < 640;
  style(dialog, {
    border: '0', padding: '0', overflow: 'hidden', maxWidth: '100%', maxHeight: '100%', background: 'Canvas', flexDirection: 'column', display: 'flex',
    width: small ? '100%' : isSide ? '28rem' : '40rem',
    height: small || isSide ? '100dvh' : '90dvh',
    margin: isSide ? '0 0 0 auto' : 'auto',
  }); // prettier-ignore
  style(close, { alignSelf: 'flex-end', minWidth: '2.75rem', minHeight: '2.75rem', border: '0', background: 'none', color: 'CanvasText', font: 'inherit', cursor: 'pointer' }); // prettier-ignore
  const link = document.createElement('a');
  style(link, { padding: '1rem', color: 'LinkText' });
  // The browser refuses the form on a website that it does not name. On a slow phone, a form may answer later.
  target.addEventListener('flipsite:opened', () => link.remove(), { once: true });
  const frame = frameOf(form, options, target, () => frame.before(link));
  link.href = frame.src;
  link.textContent = frame.title;
  style(frame, { flex: '1' });
  dialog.append(close, frame);
  dialog.ariaLabel = frame.title;
  dialog.onclose = () => {
    dialog.remove();
    dispatch(target, 'closed', { form });
  };
  document.body.append(dialog);
  dialog.showModal();
}

const attached = new WeakSet<Element>();

function attach(element: HTMLElement): void {
  if (attached.has(element)) return;
  attached.add(element);
  const { flipsite = '', mode, link, language, title, ...others } = element.dataset;
  const values = Object.fromEntries(Object.entries(others).flatMap(([name, value]) => (/^fill[A-Z]/.test(name) && value ? [[name.slice(4).replace(/[A-Z]/g, (letter, at: number) => (at ? '_' : '') + letter.toLowerCase()), value]] : []))); // prettier-ignore
  const options: OpenOptions = { values, ...(link && { link }), ...(language && { language }), ...(title && { title }) }; // prettier-ignore
  if (mode === 'popup' || mode === 'side') {
    element.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey || !(event.target as Element).closest('a, button')) return;
      event.preventDefault();
      open(flipsite, { ...options, mode }, element);
    });
    return;
  }
  // The link in the element stays until the form is there.
  const before = [...element.children] as HTMLElement[];
  element.addEventListener('flipsite:opened', () => before.forEach((one) => style(one, { display: 'none' })), {
    once: true,
  });
  element.append(frameOf(flipsite, options, element));
}

/** One element with a wrong name keeps no other form from the page. Its error is reported like any other. */
const attachAll = () =>
  document.querySelectorAll<HTMLElement>('[data-flipsite]').forEach((element) => {
    try {
      attach(element);
    } catch (error) {
      reportError(error);
    }
  });

Object.assign(window, { Flipsite: { open, attach: attachAll } });
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', attachAll);
else attachAll();
