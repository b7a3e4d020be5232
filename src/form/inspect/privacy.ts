/** The personal data that a form stores, with its place and its time, in English and from its file alone. */
import { typeOf } from '../fields/fields.ts';
import type { Field } from '../fields/fields.ts';
import { inviteDays } from '../settings/invite.ts';
import { widgetsOf } from '../runtime/wink.ts';
import { localize, pipes } from '../runtime/text.ts';
import { fieldCalled, fieldsOf, type Form } from '../schema.ts';
import { sensitiveFields } from './sensitive.ts';
import { shownParams } from './shown-params.ts';
import { wordings } from '../wording/wording.ts';

export interface PrivacySection {
  title: string;
  /** Sentences or items, without markup. */
  lines: string[];
}

/**
 * @param draftDays the age of an unsent draft at which Flipsite deletes it, in a form without `retention`
 * @param hasIds whether each answer has its id too, for developers
 */
export function describePrivacy(form: Form, draftDays: number, hasIds = true): PrivacySection[] {
  const labelOf = (field: Field) => labelFor(form, field, hasIds);
  const sections = [
    answerSection(form, labelOf),
    fileSection(form, labelOf),
    journeySection(form, labelOf),
    smileSection(form),
    linkSection(form),
    invitationSection(form),
    deviceSection(form),
    receiverSection(form, labelOf),
    durationSection(form, draftDays),
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** The sections as Markdown. */
export function privacyText(form: Form, draftDays: number): string {
  const title = `# What “${localize(form.title, form.languages[0])}” stores, where and for how long`;
  const parts = describePrivacy(form, draftDays).map(
    ({ title, lines }) => `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`,
  );
  return [title, ...parts].join('\n\n');
}

type LabelOf = (field: Field) => string;

function labelFor(form: Form, { id, label }: Field, hasIds: boolean): string {
  const text = localize(label, form.languages[0]);
  return text ? (hasIds ? `${text} (${id})` : text) : id;
}

const answered = (form: Form): Field[] => fieldsOf(form).filter((field) => typeOf(field).kind !== 'nothing');

function answerSection(form: Form, labelOf: LabelOf): PrivacySection {
  const sensitive = sensitiveFields(form);
  const lines = answered(form)
    .filter((field) => !typeOf(field).files)
    .map((field) => {
      const notes = [
        ...(typeOf(field).formula ? ['worked out from other answers'] : []),
        ...(typeOf(field).unseen && !typeOf(field).formula ? ['people don’t see it'] : []),
        ...(sensitive.has(field.id)
          ? ['private: encrypted, and hidden in the dashboard until a member reveals it']
          : []),
      ];
      return `${labelOf(field)}${notes.length ? ` – ${notes.join(', ')}` : ''}`;
    });
  return { title: 'Answers, in the database', lines };
}

function fileSection(form: Form, labelOf: LabelOf): PrivacySection {
  const lines = answered(form)
    .filter((field) => typeOf(field).files)
    .map(labelOf);
  return { title: 'Files, encrypted in the folder or the bucket of files', lines };
}

function journeySection(form: Form, labelOf: LabelOf): PrivacySection {
  const unique = form.limits?.one_per && fieldCalled(form, form.limits.one_per);
  return {
    title: 'With each submission, in the database',
    lines: [
      'The language, the kind of device, such as a phone, and the campaign link',
      'The time of each step of the person, such as an answered screen',
      ...(unique ? [`A keyed hash of ${labelOf(unique)}, so that each answer is sent once only`] : []),
    ],
  };
}

function smileSection(form: Form): PrivacySection {
  const widgets = form.screens.flatMap(({ wink }) => widgetsOf(wink));
  if (!widgets.length) return { title: 'Smile', lines: [] };
  const names = wordings.en.dataPoints;
  const points = [...new Set(widgets.flatMap(({ retrieve }) => retrieve))].map((point) => names[point]);
  const revoking = widgets.filter(({ revoke }) => revoke === 'after_retrieval').length;
  return {
    title: 'Work accounts, through Smile',
    lines: [
      'Smile gets the ids of the submission and the form, and the sign-in that the person enters in the Wink widget. Flipsite does not store the sign-in, and never gets the password',
      'Flipsite stores the provider, the status and the times of each account',
      points.length
        ? `Flipsite reads from Smile and stores encrypted: ${points.join(', ')}`
        : 'Flipsite reads no data from the accounts',
      ...(revoking
        ? [
            revoking === widgets.length
              ? 'Flipsite disconnects each account at Smile once it has read the data'
              : 'Flipsite disconnects some of the accounts at Smile once it has read the data',
          ]
        : []),
      'When Flipsite deletes a submission, it asks Smile to disconnect its accounts',
    ],
  };
}

function linkSection(form: Form): PrivacySection {
  return {
    title: 'Where people come from',
    lines: [
      ...(form.params.length ? [`Values from the address, with the submission: ${form.params.join(', ')}`] : []),
      'Campaign values from the address (utm_…), with the submission',
      'Visitors of links are only counted, by day, device class and website. No address and no cookie is stored for it',
    ],
  };
}

function invitationSection({ invite }: Form): PrivacySection {
  const title = 'Invitations';
  if (!invite) return { title, lines: [] };
  const by = invite.via === 'smile' ? 'Smile gets both and sends the email' : 'Flipsite sends the email';
  return {
    title,
    lines: [
      `Name and email address of each invited person. ${by}`,
      'Answers that a file with the people fills in, encrypted',
      `People can start with a link for ${inviteDays(invite)} days`,
      ...(invite.via === 'smile' ? [] : [OPENS_ANSWERS]),
    ],
  };
}

// As long as the token of a submission is valid.
const OPENS_ANSWERS =
  'Then the link opens the answers until the person sends the form, for 60 days after the start at most';

function deviceSection(form: Form): PrivacySection {
  return {
    title: 'On the person’s device',
    lines: [
      `Answers, values of the link${form.screens.some(({ wink }) => wink) ? ', the providers of work accounts with their status' : ''} and the key of the submission, in the storage of the browser (localStorage, or sessionStorage in the tab of a second person), until the form is sent`, // prettier-ignore
      ...(sensitiveFields(form).size ? ['Private answers are not among them'] : []),
      'The page at the end, with the answers that it names, until the tab is closed',
      ...(form.password ? ['A cookie after the right password'] : []),
      'Only without JavaScript: a cookie until the browser closes, and one for an hour after the form is sent',
    ],
  };
}

function receiverSection(form: Form, labelOf: LabelOf): PrivacySection {
  const { notify = [], endings } = form;
  const partOf = (name: string) => {
    const field = fieldCalled(form, name);
    return field ? labelOf(field) : name === 'reference' ? 'the reference' : name;
  };
  const opened = endings.flatMap(({ redirect = '' }) => {
    const parts = pipes(redirect).map(partOf);
    const host = parts.length && new URL(redirect.replace(/[?#{].*/s, '')).host;
    return host ? [`${host}, in the address that the browser opens at the end: ${parts.join(', ')}`] : [];
  });
  const emailed = [
    'the answers without private ones and files',
    ...(shownParams(form).size ? ['any values from the address in titles and labels'] : []),
    ...(form.screens.some(({ wink }) => wink) ? ['the providers of connected accounts'] : []),
  ];
  const lines = notify.map(({ email, webhook }) =>
    email
      ? `${email}, by email: ${emailed.join('; ')}`
      : `${new URL(webhook ?? '').host}, by webhook: all answers, with private ones`,
  );
  return { title: 'Receivers of submissions', lines: [...new Set([...lines, ...opened])] };
}

function durationSection({ retention, invite }: Form, draftDays: number): PrivacySection {
  const lines = retention
    ? [`Flipsite deletes a submission, with its files and account data, ${retention} after its last change`]
    : [
        `Flipsite deletes drafts ${draftDays} days after their last change`,
        'Submissions stay until a member deletes them, because the form has no `retention`',
      ];
  const unused = retention
    ? `Flipsite deletes an unused invitation ${retention} after it expires`
    : 'Unused invitations stay until a member deletes them';
  return { title: 'For how long', lines: invite ? [...lines, unused] : lines };
}
