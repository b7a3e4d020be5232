import { field, form, missing } from './form.ts';
import { words } from './words.ts';

/** Asks for a verification code. */
export function codeForm(onSubmit: (code: string) => void): HTMLFormElement {
  const { mfa: text } = words;
  const code = field({
    id: 'code',
    label: text.code,
    help: text.testHelp,
    fault: missing(text.noCode),
    attributes: { inputmode: 'numeric', autocomplete: 'one-time-code', spellcheck: 'false' },
  });
  return form([code], text.submit, () => onSubmit(code.input.value));
}
