/**
 * Limits: the opening comes before the close, and everyone who sees the field of `one_per` answers it. `notes.ts` notes a
 * field that people can pass by.
 */
import { momentOf } from '../settings/limits.ts';
import { didYouMean } from '../faults/nearest.ts';
import { fieldTypeNames, moduleOf, typeOf } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { Doubts } from './doubts.ts';
import type { Finding } from './finding.ts';

export function limitFaults(form: Form, { answers }: Doubts): Finding[] {
  const { limits } = form;
  if (!limits) return [];
  const [opens, closes] = [momentOf(limits, 'opens'), momentOf(limits, 'closes')];
  const order = opens && closes && opens >= closes;
  return [
    ...(order
      ? [
          {
            place: { path: ['limits', 'opens'] },
            message: '`opens` is not before `closes`, so the form would never be open',
            remedy: 'Write the earlier date in `opens`.',
          },
        ]
      : []),
    ...(limits.one_per !== undefined && answers.has(limits.one_per) ? [] : onePerFaults(form, limits.one_per)),
  ];
}

function onePerFaults(form: Form, id: string | undefined): Finding[] {
  if (id === undefined) return [];
  const place = { path: ['limits', 'one_per'] };
  const fields = fieldsOf(form);
  const field = fields.find((one) => one.id === id);
  const fitting = fields.filter((one) => typeOf(one).unique && one.required && !one.show_when);
  const instead = fitting.length ? `Use one of: ${fitting.map((one) => one.id).join(', ')}.` : undefined;
  if (!field) {
    const known = fields.map((one) => one.id);
    const remedy = didYouMean(id, known, instead ?? 'Add an email field, and write its id here.');
    return [{ place, message: `there is no field \`${id}\``, remedy, unknown: true }];
  }
  if (!typeOf(field).unique) {
    return [
      {
        place,
        message: `\`one_per\` cannot be field \`${id}\`, because ${field.type} answers do not tell people apart`,
        remedy:
          instead ??
          `Use a field of one of these types: ${fieldTypeNames.filter((type) => moduleOf(type).unique).join(', ')}.`,
      },
    ];
  }
  if (field.required && !field.show_when) return [];
  return [
    {
      place,
      message: `\`one_per\` cannot be field \`${id}\`, because ${field.required ? 'it is not always shown' : 'people can leave it empty'}`,
      remedy: field.required
        ? 'Delete its `show_when`, or use another field.'
        : `Add \`required: true\` to field \`${id}\`.`,
    },
  ];
}
