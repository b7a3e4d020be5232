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

/** One of the page's marks, which stand in its sprite. */
export function icon(name: string): Node {
  const holder = document.createElement('template');
  holder.innerHTML = `<svg aria-hidden="true"><use href="#i-${name}"/></svg>`;
  return holder.content;
}
