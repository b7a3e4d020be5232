import { oncePerForm } from './once-per-form.ts';
import { referencesIn } from './references.ts';

/** The params that the screens of a form show to the person. Others are only stored. */
export const shownParams = oncePerForm((form) =>
  referencesIn({ screens: form.screens }).flatMap(({ part, id }) =>
    part === 'pipe' && form.params.includes(id) ? [id] : [],
  ),
);
