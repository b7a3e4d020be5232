import { h, icon } from './dom.ts';

export interface Field {
  element: HTMLElement;
  value(): string;
  /** Whether something is written in it; says what to write when not. */
  check(): boolean;
  focus(): void;
}

/** A labelled input that must not be empty. */
export function field(given: {
  id: string;
  label: string;
  help?: string;
  missing: string;
  attributes: Record<string, string>;
}): Field {
  const { id, help } = given;
  const error = h('div', { id: `${id}-error`, role: 'alert' });
  const describedBy = [`${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  const input = h('input', {
    id,
    name: id,
    'aria-required': 'true',
    'aria-describedby': describedBy,
    ...given.attributes,
  });
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, given.label),
    help !== undefined && h('p', { id: `${id}-help`, class: 'dim' }, help),
    error,
    input,
  );
  return {
    element,
    value: () => input.value,
    check() {
      const filled = input.value.trim() !== '';
      element.classList.toggle('bad', !filled);
      if (filled) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      error.replaceChildren(...(filled ? [] : [h('p', { class: 'note no' }, icon('stop'), h('b', {}, given.missing))]));
      return filled;
    },
    focus: () => input.focus(),
  };
}

/** A form of such fields; `onSubmit` runs when all are filled, else the first empty one is given the focus. */
export function form(fields: Field[], label: string, onSubmit: () => void): HTMLFormElement {
  return h(
    'form',
    {
      novalidate: true,
      onsubmit(event) {
        event.preventDefault();
        const empty = fields.filter((item) => !item.check());
        if (empty[0]) empty[0].focus();
        else onSubmit();
      },
    },
    ...fields.map(({ element }) => element),
    h('button', { type: 'submit', class: 'main' }, label),
  );
}
