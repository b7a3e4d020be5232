/** Changes of the values that links and invitation files can fill in. */
import { linksCanFill, type Field } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';
import { forLinks, type Change, type Forms } from './compare.ts';
import { listInWords, titleIn, type Quote } from './change-sentences.ts';

/** Questions that links and invitation files can fill in from now on, or no longer. */
export function linkChanges({ before, after }: Forms): Change[] {
  const filled = (form: Form) => fieldsOf(form).filter((field) => linksCanFill(field) && !field.follows);
  const [were, are] = [filled(before), filled(after)];
  const added = are.filter(({ id }) => !were.some((one) => one.id === id));
  const removed = were.filter(({ id }) => !are.some((one) => one.id === id));
  const names = (form: Form, fields: Field[]) => fields.map(({ label }) => titleIn(form, label));
  const parameter = ([field, ...more]: Field[], q: Quote) =>
    field && !more.length ? ` with ${q(`?${field.id}=`)}` : '';
  const invites = after.invite && after.invite.via !== 'smile';
  const described = [
    ...(added.length
      ? [forLinks((q) => `links can now fill in ${listInWords(names(after, added), q)}${parameter(added, q)}.`)]
      : []),
    ...removed.map((field) =>
      forLinks((q) => `links with ${q(`?${field.id}=`)} no longer fill in ${q(titleIn(before, field.label))}.`),
    ),
    ...(invites && added.length
      ? [forLinks((q) => `an invitation file can now have ${columns(added.length)} ${listInWords(added.map(({ id }) => id), q)}.`)] // prettier-ignore
      : []),
    ...(invites && removed.length
      ? [forLinks((q) => `an invitation file can no longer have ${columns(removed.length)} ${listInWords(removed.map(({ id }) => id), q)}.`)] // prettier-ignore
      : []),
  ];
  return described.map((one) => ({ ...one, path: ['screens'] }));
}

const columns = (count: number): string => (count > 1 ? 'the columns' : 'the column');
