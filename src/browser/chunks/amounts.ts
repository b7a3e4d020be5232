/**
 * Controls in which a number is typed. They are text, so that no browser decides what 14.500 means. To the page each
 * behaves as one of `type=number` does: its value is the number, or empty, and its validity says what is wrong with it.
 */
import { formatAmount, outsideOf, parseAmount, sayUnclear, type Amount } from '../../form/runtime/amount.ts';
import type { PageField, PageScreen } from '../../contract/page.ts';
import type { PageContext } from '../page-context.ts';

export function mount({ data, form, device, view, currentScreen }: PageContext): unknown {
  for (const screen of data.screens) {
    for (const field of screen.fields) {
      const control = form.elements.namedItem(field.id) as HTMLInputElement | null;
      if (control?.dataset?.['amount']) readAmounts(control, field, keptOf(screen, field.id));
    }
  }
  view.update(currentScreen());
  return {};

  /** The answer that was put into the controls of `screen` before this part came. */
  function keptOf({ id: screen }: PageScreen, id: string) {
    return (device.state.typed[screen] ?? device.state.answers)[id];
  }
}

const FLAGS = { low: 'rangeUnderflow', high: 'rangeOverflow', step: 'stepMismatch' } as const;

function readAmounts(control: HTMLInputElement, field: PageField, kept: unknown): void {
  const amount = JSON.parse(control.dataset['amount'] as string) as Amount;
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') as {
    get(): string;
    set(text: unknown): void;
  };
  const typed = () => text.get.call(control);
  const read = () => parseAmount(typed(), amount);
  const { say } = field;
  field.kind = 'number';

  function write(given: unknown): void {
    const number = typeof given === 'number' ? given : parseAmount(String(given), amount);
    text.set.call(control, typeof number === 'number' ? formatAmount(number, amount) : given);
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
        const unclear = sayUnclear(typed(), amount, say['unclear']);
        if (unclear) say['badInput'] = unclear;
        else delete say['badInput'];
        return typed().trim() ? { badInput: true } : { valid: true };
      },
    },
  });
  // The way it was understood, on leaving it.
  control.addEventListener('change', () => write(typed()));
  write(typed() === String(kept) ? kept : typed());
}
