type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;
type Child = Node | string | false | null | undefined;

/**
 * Creates an element. Functions become listeners (`onclick`), true becomes an empty attribute, false and undefined
 * none.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

const shapes = {
  close: ['M5 5l10 10M15 5L5 15'],
  back: ['M12.5 4.5L7 10l5.5 5.5'],
  done: ['M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z', 'M6.8 10.2l2.2 2.2 4.2-4.6'],
  stop: ['M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z', 'M10 6.2v4.6M10 13.6v.1'],
  spin: ['M10 2.5a7.5 7.5 0 1 1-7.5 7.5'],
  eye: ['M6 3h6l3 3v11H6z', 'M8.5 9h4M8.5 12h4'],
  key: ['M5 9h10v8H5z', 'M7 9V6.5a3 3 0 0 1 6 0V9'],
  undo: ['M4 10a6 6 0 1 0 2-4.5', 'M4 3.5v3.4h3.4'],
  next: ['M7.5 4.5L13 10l-5.5 5.5'],
} as const;

/** A decorative icon, hidden from screen readers. */
export function widgetIcon(name: keyof typeof shapes): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  if (name === 'spin') svg.setAttribute('class', 'spin');
  for (const shape of shapes[name]) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}

export function widgetButton(kind: 'main' | 'other' | 'quiet', label: string, onclick: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: kind, onclick }, label);
}
