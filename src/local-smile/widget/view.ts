import { h, widgetIcon } from './dom.ts';
import css from './widget.css';
import { words } from './words.ts';

export interface WidgetScreen {
  /** A stable name for tests: `consent`, `list`, `login`… */
  name: string;
  heading: string;
  body: Node[];
  back?: () => void;
}

export interface WidgetView {
  show(screen: WidgetScreen): void;
  /** Sets the color of the main buttons, `#rrggbb`. */
  paint(color: string): void;
  /** Removes the dialog, and restores the page's scrolling and focus. */
  remove(): void;
}

const focusable = 'button:not([disabled]), input:not([disabled]), summary, a[href]';

/** Opens the modal dialog in its own shadow root. `onDismiss`: Close or Escape was pressed. */
export function openWidgetView(onDismiss: () => void): WidgetView {
  const previous = document.activeElement;
  const host = h('div', { 'data-smile-widget': true });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet(css)];

  const top = h('div', { class: 'top' });
  const page = h('div', { class: 'page' });
  const dialog = h(
    'dialog',
    { role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'heading', lang: 'en', dir: 'ltr' },
    top,
    page,
    h('p', { class: 'foot' }, words.testMode),
  );
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    onDismiss();
  });
  dialog.addEventListener('close', onDismiss);
  dialog.addEventListener('keydown', (event) => keepTabInside(event, root));
  root.append(dialog);
  document.body.append(host);
  const unlock = lockScroll();
  dialog.showModal();

  return {
    show({ name, heading, body, back }) {
      dialog.dataset['screen'] = name;
      top.replaceChildren(
        ...(back
          ? [h('button', { type: 'button', class: 'quiet', onclick: back }, widgetIcon('back'), words.back)]
          : []),
        h('button', { type: 'button', class: 'quiet end', onclick: onDismiss }, widgetIcon('close'), words.close),
      );
      const title = h('h2', { id: 'heading', tabindex: '-1' }, heading);
      page.replaceChildren(title, ...body);
      page.scrollTop = 0;
      title.focus();
    },
    paint(color) {
      dialog.style.setProperty('--main', color);
      dialog.style.setProperty('--on-main', readableOn(color));
    },
    remove() {
      dialog.removeEventListener('close', onDismiss);
      dialog.close();
      host.remove();
      unlock();
      if (previous instanceof HTMLElement) previous.focus({ preventScroll: true });
    },
  };
}

/** Black or white, whichever has the higher contrast by WCAG. */
function readableOn(color: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

function sheet(text: string) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

function lockScroll() {
  const scrolls = window.innerWidth > document.documentElement.clientWidth;
  const lock = sheet(`html { overflow: hidden !important;${scrolls ? ' scrollbar-gutter: stable !important;' : ''} }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, lock];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== lock);
  };
}

/** In a modal dialog Tab reaches the browser's own controls. In a frame or webview that would be a dead end. */
function keepTabInside(event: KeyboardEvent, root: ShadowRoot) {
  if (event.key !== 'Tab') return;
  const stops = [...root.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.checkVisibility());
  const [first, last] = [stops[0], stops.at(-1)];
  const active = root.activeElement;
  const atEnd = event.shiftKey ? active === first || active?.id === 'heading' : active === last;
  if (!atEnd || !first || !last) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
