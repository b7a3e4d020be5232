/** Invitations: each way of sending has the keys that it needs, and prefilled values are possible answers. */
import { INVITE_VARIABLES, variablesIn, type Invite } from '../settings/invite.ts';
import { canHold, fieldTypeNames, moduleOf } from '../fields/fields.ts';
import { didYouMean, nearest } from '../faults/nearest.ts';
import { isRefused, type Refused } from '../repair.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { Text } from '../runtime/text.ts';
import type { Doubts } from './doubts.ts';
import type { Finding } from './finding.ts';

export function inviteFaults(form: Form, refused: Refused, { kinds }: Doubts): Finding[] {
  const { invite } = form;
  if (!invite) return [];
  return [
    ...(['via', 'template'].some((key) => isRefused(refused, ['invite', key])) ? [] : wayFaults(invite)),
    ...variableFaults('subject', invite.subject),
    ...variableFaults('text', invite.text),
    ...fieldFaults(form, 'name', invite.name, kinds),
    ...fieldFaults(form, 'email', invite.email, kinds),
  ];
}

function wayFaults({ via, template, expires, ...ours }: Invite): Finding[] {
  if (via === 'mail')
    return template
      ? [{ place: at('template'), message: '`template` works with `via: smile` only', remedy: 'Delete it, or write `via: smile`.' }] // prettier-ignore
      : [];
  const unused = (['sender', 'reply_to', 'subject', 'text', 'name', 'email'] as const).find((key) => ours[key] !== undefined); // prettier-ignore
  return [
    ...(template ? [] : [{ place: { path: ['invite', 'via'] }, message: '`via: smile` needs the id of an invite template', remedy: 'Add `template: tpl-…`, with the id from Smile.' }]), // prettier-ignore
    ...(unused ? [{ place: at(unused), message: `\`${unused}\` has no effect, because Smile sends its own email`, remedy: 'Delete it, and set it in the template at Smile.' }] : []), // prettier-ignore
    ...(expires !== '14 days' ? [{ place: at('expires'), message: 'invitations by Smile always expire after 14 days', remedy: 'Delete `expires`.' }] : []), // prettier-ignore
  ];
}

const at = (key: keyof Invite) => ({ path: ['invite', key] });

const ALL_VARIABLES = INVITE_VARIABLES.map((one) => `\${${one}}`).join(', ');

/** A pipe, which is no variable: `{full_name}` without the `$`. */
const PIPE = /(?<!\$)\{([a-z][a-z0-9_]*)\}/g;

function variableFaults(key: 'subject' | 'text', text: Text | undefined): Finding[] {
  const texts = typeof text === 'string' ? [text] : Object.values(text ?? {});
  const names = new Set(texts.flatMap(variablesIn));
  const pipes = new Set(texts.flatMap((one) => [...one.matchAll(PIPE)].map(([whole]) => whole)));
  const unknown = [...names].filter((name) => !(INVITE_VARIABLES as readonly string[]).includes(name));
  return [
    ...unknown.map((name) => {
      const near = nearest(name, [...INVITE_VARIABLES]);
      const remedy = near ? `Write \${${near}}.` : `Use one of: ${ALL_VARIABLES}.`;
      return { place: at(key), message: `\${${name}} is not known in an invitation`, remedy };
    }),
    ...[...pipes].map((pipe) => ({
      place: at(key),
      message: `${pipe} is not known in an invitation, because the form has no answers yet`,
      remedy: `Use one of: ${ALL_VARIABLES}.`,
    })),
  ];
}

function fieldFaults(form: Form, key: 'name' | 'email', id: string | undefined, kinds: ReadonlySet<string>): Finding[] {
  if (id === undefined || kinds.has(id)) return [];
  const fields = fieldsOf(form);
  const field = fields.find((one) => one.id === id);
  if (field && canHold(field, key)) return [];
  const fitting = fields.filter((one) => canHold(one, key)).map((one) => one.id);
  const needed = fieldTypeNames.find((type) => moduleOf(type).facts?.includes(key));
  const message = field ? `field \`${id}\` has the type ${field.type}, but \`${key}\` of \`invite\` needs a field of type ${needed}` : `there is no field \`${id}\``; // prettier-ignore
  const instead = fitting.length
    ? `Use one of: ${fitting.join(', ')}.`
    : `Add a field of type ${needed}, or delete \`${key}\` of \`invite\`.`;
  return [{ place: at(key), message, remedy: didYouMean(id, fitting, instead), ...(!field && { unknown: true }) }];
}
