/** The part of a form whose panel is open. */
import type { Path } from '../../form/edit/edit.ts';

/** The part with a panel that has the place `selected` in it: a question for its options, a screen for its rules. */
export function panelPathOf(selected: Path): Path {
  const [list, , within, index] = selected;
  if (list === 'screens' && selected.length > 1) return within === 'fields' && index !== undefined ? selected.slice(0, 4) : selected.slice(0, 2); // prettier-ignore
  if (list === 'endings' && selected.length > 1) return selected.slice(0, 2);
  return list === 'languages' ? ['languages'] : [];
}
