/**
 * Inputs for numbers. They are text, so that no browser decides the meaning of 14.500. For the page each behaves like
 * `type=number`: its value is the number or empty, and its validity has the problem. A text that is no number
 * stays on the device too, as half-typed answers of other fields do.
 */
import { formatAmount, outsideOf, parseAmount, explainAmbiguity, type Amount } from '../../form/runtime/amount.ts';
import type { PageField, PageScreen } from '../../contract/page.ts';
import type { PageContext } from '../page-context.ts';

export function mount({ data, form, device, view, currentScreen }: PageContext): unknown {
  for (const screen of data.screens) {
    for (const field of screen.fields) {
      const control = form.querySelector<HTMLInputElement>(`[name="${field.id}"][data-amount]`);
      if (!control) continue;
      const typedText = readAmounts(control, field, writtenAnswer(screen, field.id));
      // Runs after the page's own listener, which keeps the values of the screen.
      form.addEventListener('input', () => {
        const { id } = screen;
        if (id !== currentScreen().id || !control.validity.badInput) return;
        device.update(({ typed }) => ({ typed: { ...typed, [id]: { ...typed[id], [field.id]: typedText() } } }));
      });
    }
  }
  view.update(currentScreen());
  return {};

  /** The answer that was written into the input before this chunk loaded. */
  function writtenAnswer({ id: screen }: PageScreen, id: string) {
    return (device.state.typed[screen] ?? device.state.answers)[id];
  }
}

const FLAGS = { low: 'rangeUnderflow', high: 'rangeOverflow', step: 'stepMismatch' } as const;

/** @returns reads the typed text */
function readAmounts(control: HTMLInputElement, field: PageField, written: unknown): () => string {
  const amount = JSON.parse(control.dataset['amount'] as string) as Amount;
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') as {
    get(): string;
    set(text: unknown): void;
  };
  const typed = () => text.get.call(control);
  const read = () => parseAmount(typed(), amount);
  const { say } = field;
  field.kind = 'number';
  /** The text that the page wrote. Empty once the person changed it. */
  let own = '';

  function write(value: unknown): void {
    const number = typeof value === 'number' ? value : parseAmount(String(value), amount);
    own = typeof number === 'number' ? formatAmount(number, amount) : '';
    text.set.call(control, own || value);
  }

  Object.defineProperties(control, {
    value: {
      get() {
        const number = read();
        return typeof number === 'number' ? String(number) : '';
      },
      set: write,
    },
    validity: {
      get(): Partial<ValidityState> {
        const number = read();
        if (typeof number === 'number') {
          const problem = outsideOf(amount, number);
          return problem ? { [FLAGS[problem]]: true } : { valid: true };
        }
        const unclear = explainAmbiguity(typed(), amount, say['unclear']);
        if (unclear) say['badInput'] = unclear;
        else delete say['badInput'];
        return typed().trim() ? { badInput: true } : { valid: true };
      },
    },
  });
  // The separators of the page go at the first change. Without the last digit of 145,000, the comma would be a decimal sign.
  const [separator = ' '] = /\D/.exec(formatAmount(1e6, amount)) ?? [];
  const plain = (from: number, to?: number) => typed().slice(from, to).replaceAll(separator, '');
  /** The characters of `own` before and after the selection. */
  let [before, after] = [0, 0];
  control.addEventListener('beforeinput', () => {
    if (typed() !== own) own = '';
    before = control.selectionStart as number;
    after = own.length - (control.selectionEnd as number);
  });
  control.addEventListener('input', () => {
    const now = typed();
    if (now === own) return;
    if (own) {
      // After a deletion, all that is left was the page's.
      const end = Math.max(before, now.length - after);
      const behind = plain(control.selectionEnd as number).length;
      text.set.call(control, plain(0, before) + now.slice(before, end) + plain(end));
      const caret = typed().length - behind;
      control.setSelectionRange(caret, caret);
    }
    own = '';
    before = after = 0;
  });
  // On leaving, shows how the number was understood. WebKit reports no change where `input` has written the text.
  for (const left of ['change', 'blur']) control.addEventListener(left, () => write(typed()));
  write(typed() === String(written) ? written : typed());
  return typed;
}
