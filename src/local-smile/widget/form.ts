import { h, widgetIcon } from './dom.ts';

export interface WidgetField {
  element: HTMLElement;
  input: HTMLInputElement;
  /** Whether it can be submitted. If not, shows the way out. */
  check(): boolean;
}

/** A labeled input; `fault` returns its problem, if any. */
export function field(props: {
  id: string;
  label: string;
  help?: string | undefined;
  required?: boolean;
  fault: (input: HTMLInputElement) => string | undefined;
  attributes: Record<string, string>;
}): WidgetField {
  const { id, help } = props;
  const error = h('div', { id: `${id}-error`, role: 'alert' });
  const describedBy = [`${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  const input = h('input', {
    id,
    name: id,
    'aria-required': props.required === false ? undefined : 'true',
    'aria-describedby': describedBy,
    ...props.attributes,
  });
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, props.label),
    help !== undefined && h('p', { id: `${id}-help`, class: 'dim' }, help),
    error,
    input,
  );
  return {
    element,
    input,
    check() {
      const fault = props.fault(input);
      element.classList.toggle('bad', fault !== undefined);
      if (fault === undefined) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      const note = fault !== undefined && h('p', { class: 'note no' }, widgetIcon('stop'), h('b', {}, fault));
      error.replaceChildren(...(note ? [note] : []));
      return fault === undefined;
    },
  };
}

/** The fault of a required text. */
export function missing(message: string) {
  return ({ value }: HTMLInputElement) => (value.trim() === '' ? message : undefined);
}

/** A form of such fields. `onSubmit` runs if all are valid, else the first invalid one gets the focus. */
export function form(fields: WidgetField[], label: string, onSubmit: () => void): HTMLFormElement {
  return h(
    'form',
    {
      novalidate: true,
      onsubmit(event) {
        event.preventDefault();
        const faulty = fields.filter((item) => !item.check());
        if (faulty[0]) faulty[0].input.focus();
        else onSubmit();
      },
    },
    ...fields.map(({ element }) => element),
    h('button', { type: 'submit', class: 'main' }, label),
  );
}
