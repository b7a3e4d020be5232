import { oncePerForm } from './once-per-form.ts';
import { referencesIn } from './references.ts';

/** The params that the screens of a form show to the person. Others are only stored. */
export const shownParams = oncePerForm((form): ReadonlySet<string> => {
  // To look at all texts of a large form takes milliseconds.
  if (form.params.length === 0) return new Set();
  const references = referencesIn({ screens: form.screens });
  return new Set(references.flatMap(({ part, id }) => (part === 'pipe' && form.params.includes(id) ? [id] : [])));
});
