/** Creates an element. Strings become text, never HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

/** A button that calls `onPress` and does not submit the form. */
export const button = (text: string, onPress: (event: Event) => void, className = 'button'): HTMLButtonElement =>
  element('button', { type: 'button', className, textContent: text, onclick: onPress });

/** An icon of the page's sprite. */
export function icon(name: string): Node {
  const holder = document.createElement('template');
  holder.innerHTML = `<svg aria-hidden="true"><use href="#i-${name}"/></svg>`;
  return holder.content;
}
