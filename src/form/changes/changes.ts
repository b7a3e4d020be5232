/** The difference between two published states of a form, in sentences for its publisher. */
import { formatCount } from '../format-count.ts';
import type { Form } from '../schema.ts';
import { forPeople, forStarted, type Area, type Change, type Described, type Forms } from './compare.ts';
import { columnChanges } from './exports.ts';
import { countQuestions, fieldChanges } from './fields.ts';
import { linkChanges } from './links.ts';
import { endingChanges, screenChanges } from './screens.ts';
import { settingChanges } from './settings.ts';
import { untranslatedTexts } from './untranslated.ts';

export type { Area, Change } from './compare.ts';

/** The areas in their order, with the heading of each. */
export const AREAS: Record<Area, string> = {
  people: 'Changes for people',
  translations: 'Translations to check',
  started: 'People who have started',
  exports: 'Your exports',
  links: 'Links',
};

/**
 * Describes each difference between two states of a form, by area. No difference is left out: where nothing changes for
 * people, a sentence says so.
 * @param before the state that is published now; undefined for a form that was never published
 * @param after the state to publish
 * @param earlier the states before `before`, whose columns exports still have
 */
export function describeChanges(before: Form | undefined, after: Form, earlier: Form[] = []): Change[] {
  const untranslated = untranslatedTexts(before, after).map((one) => ({ ...one, path: [] }));
  if (!before) return [{ ...firstTime(after), path: [] }, ...untranslated];
  const forms: Forms = { before, after };
  const parts = [...settingChanges(forms), ...screenChanges(forms), ...fieldChanges(forms), ...endingChanges(forms)];
  const changes = [...parts, ...columnChanges(forms, earlier), ...linkChanges(forms), ...untranslated];
  const seen = changes.filter(({ area }) => area === 'people');
  if (seen.length === 0)
    changes.push({ ...forPeople(() => 'nothing changes for people who fill in the form.'), path: [] });
  if (seen.some(({ path }) => isOfVersion(path))) changes.unshift({ ...forStarted(KEPT), path: [] });
  return Object.keys(AREAS).flatMap((area) => changes.filter((one) => one.area === area));
}

/** Settings of the published state count at once. All else belongs to the version that a submission was started on. */
const AT_ONCE = ['limits', 'password', 'proof_of_work', 'example'];

const isOfVersion = ([key]: PropertyKey[]): boolean => !AT_ONCE.includes(String(key));

const KEPT = () => 'people who have started finish the form as it was when they started. Their answers stay.';

const firstTime = (form: Form): Described => {
  const questions = form.screens.reduce((sum, screen) => sum + countQuestions(screen), 0);
  const parts = [formatCount(form.screens.length, 'screen'), formatCount(questions, 'question'), formatCount(form.endings.length, 'ending')]; // prettier-ignore
  return forPeople(() => `the form is published for the first time, with ${new Intl.ListFormat('en').format(parts)}.`);
};
