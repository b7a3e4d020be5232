/** Invitations: each way has what it takes, and what is filled in can be. */
import { INVITE_VARIABLES, variablesIn, type Invite } from '../invite.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { isRefused, type Refused } from '../repair.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { Text } from '../text.ts';
import type { Doubts } from './doubts.ts';
import type { Finding } from './finding.ts';

export function inviteFaults(form: Form, refused: Refused, { kinds }: Doubts): Finding[] {
  const { invite } = form;
  if (!invite) return [];
  return [
    ...(['via', 'template'].some((key) => isRefused(refused, ['invite', key])) ? [] : wayFaults(invite)),
    ...variableFaults('subject', invite.subject),
    ...variableFaults('text', invite.text),
    ...fieldFaults(form, 'name', invite.name, 'text', kinds),
    ...fieldFaults(form, 'email', invite.email, 'email', kinds),
  ];
}

function wayFaults({ via, template, expires, ...ours }: Invite): Finding[] {
  if (via === 'mail')
    return template
      ? [{ place: at('template'), message: 'a `template` is for invitations by Smile', remedy: 'Leave it out, or write `via: smile`.' }] // prettier-ignore
      : [];
  const unused = (['sender', 'reply_to', 'subject', 'text', 'name', 'email'] as const).find((key) => ours[key] !== undefined); // prettier-ignore
  return [
    ...(template ? [] : [{ place: { path: ['invite', 'via'] }, message: 'Smile needs the id of one of its invite templates', remedy: 'Add `template: tpl-…`, the id that Smile gave it.' }]), // prettier-ignore
    ...(unused ? [{ place: at(unused), message: `Smile sends its own email, to its own page, where \`${unused}\` means nothing`, remedy: 'Leave it out, and set it in the template at Smile.' }] : []), // prettier-ignore
    ...(expires !== '14 days' ? [{ place: at('expires'), message: 'invitations by Smile can be used for 14 days', remedy: 'Leave out `expires`.' }] : []), // prettier-ignore
  ];
}

const at = (key: keyof Invite) => ({ path: ['invite', key] });

const ALL = INVITE_VARIABLES.map((one) => `\${${one}}`).join(', ');

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
      const remedy = near ? `Did you mean \${${near}}?` : `There are: ${ALL}.`;
      return { place: at(key), message: `\${${name}} is not known in an invitation`, remedy };
    }),
    ...[...pipes].map((pipe) => ({
      place: at(key),
      message: `${pipe} is not known in an invitation: nothing is answered by then`,
      remedy: `There are: ${ALL}.`,
    })),
  ];
}

function fieldFaults(
  form: Form,
  key: 'name' | 'email',
  id: string | undefined,
  type: string,
  kinds: ReadonlySet<string>,
): Finding[] {
  if (id === undefined || kinds.has(id)) return [];
  const fields = fieldsOf(form);
  const field = fields.find((one) => one.id === id);
  if (field?.type === type) return [];
  const fitting = fields.filter((one) => one.type === type).map((one) => one.id);
  const message = field ? `field ${id} is of type ${field.type}, and this takes one of type ${type}` : `no field is called \`${id}\``; // prettier-ignore
  const instead = fitting.length ? `These can stand here: ${fitting.join(', ')}.` : 'Leave it out.';
  return [{ place: at(key), message, remedy: didYouMean(id, fitting, instead), ...(!field && { unknown: true }) }];
}
