/** Makes an element. Text given as a child stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A button that does `press`, and sends no form. */
export const button = (text: string, press: () => void, className = 'button'): HTMLButtonElement =>
  element('button', { type: 'button', className, textContent: text, onclick: press });

/** One of the page's marks, which stand in its sprite. */
export function icon(name: string): Node {
  const holder = document.createElement('template');
  holder.innerHTML = `<svg aria-hidden="true"><use href="#i-${name}"/></svg>`;
  return holder.content;
}
