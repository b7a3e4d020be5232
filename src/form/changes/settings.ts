/** Changes of a form's settings: everything that is neither a screen nor an ending. */
import { formatCount } from '../format-count.ts';
import { campaignLinkChanges, embedChanges, SHARE } from './campaign-links.ts';
import { momentInWords, type FormLimits } from '../settings/limits.ts';
import type { Invite } from '../settings/invite.ts';
import type { Match } from '../settings/match.ts';
import type { NotificationRule } from '../settings/notify.ts';
import { deletesSooner } from '../settings/retention.ts';
import type { Form } from '../schema.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import {
  compareKeys, compareLists, isSame, forExports, flag, forLinks, losing, forPeople, setting, noSentence, forStarted, textOf, type Change, type Described, type Describer, type Forms, type Pair, type Table,
} from './compare.ts'; // prettier-ignore
import { LOGO_DATA } from '../settings/logo-name.ts';
import { languageInWords, listInWords, nameOf, type Quote } from './change-sentences.ts';

/** A color and the name of a file are shown as they are written. A picture in the text has no name to show. */
const BRAND: Table<NonNullable<Form['brand']>> = {
  name: setting('name'),
  color: setting('color', String),
  logo: (pair, was, is) =>
    [was, is].some((one) => one !== undefined && LOGO_DATA.test(one))
      ? [forPeople(() => (is === undefined ? 'the brand no longer has a logo.' : was === undefined ? 'the brand now has a logo.' : 'the logo of the brand changed.'))] // prettier-ignore
      : setting('logo', String)(pair, was, is),
};

const LIMITS: Table<FormLimits> = {
  opens: ({ after }, _was, is) => [
    forPeople(() =>
      is ? `the form now opens on ${momentInWords(after.limits ?? {}, 'opens', 'en')}.` : 'the form opens at once.',
    ),
  ],
  closes: ({ after }, _was, is) => [
    forPeople(
      () =>
      is ? `the form now closes on ${momentInWords(after.limits ?? {}, 'closes', 'en')}.` : 'the form no longer closes by itself.', // prettier-ignore
    ),
  ],
  max: (_pair, was, is) => [
    forPeople(() =>
      is === undefined
        ? `the form no longer closes after ${formatCount(was ?? 0, 'submission')}.`
        : `the form now closes after ${formatCount(is, 'submission')}.`,
    ),
  ],
  one_per: ({ before, after }, was, is) => [
    ...(was ? [forPeople((q) => `several people can now send the same answer to ${q(nameOf(before, was))}.`)] : []),
    ...(is
      ? [
          forPeople(
            (q) =>
              `only one person can now send the same answer to ${q(nameOf(after, is))}. Forms that were sent before do not count.`,
          ),
        ]
      : []),
  ],
  timezone: (_pair, _was, is = 'UTC') => [forPeople((q) => `dates without a time are now in the time zone ${q(is)}.`)],
  contact: (_pair, _was, is) => [
    forPeople(() =>
      is ? `the closed form now shows the address ${is}.` : 'the closed form no longer shows an address.',
    ),
  ],
};

/** The limits that hold in every version. */
const AT_ONCE = ['closes', 'timezone', 'max', 'one_per'] as const;

const MONTHLY: Table<NonNullable<Match['monthly_income']>> = {
  field: ({ after }, _was, is = '') => [
    forExports((q) => `the dashboard now compares ${q(nameOf(after, is))} with the income in the account.`),
  ],
  within: setting('accepted difference', (percent) => `${percent}%`, 'exports'),
  pay: setting('kind of pay', String, 'exports'),
  currency: setting('currency', String, 'exports'),
};

/** Compares a field with a part of the account. */
const compared =
  (part: string): Describer<Match, string | string[]> =>
  ({ before, after }, was, is) => {
    const names = (form: Form, ids: string | string[] = []) => [ids].flat().map((id) => nameOf(form, id));
    return is
      ? [forExports((q) => `the dashboard now compares ${listInWords(names(after, is), q)} with the ${part} in the account.`)]
      : [forExports((q) => `the dashboard no longer compares ${listInWords(names(before, was), q)} with the ${part} in the account.`)]; // prettier-ignore
  };

const MATCH: Table<Match> = {
  name: compared('name'),
  employer: compared('employer'),
  monthly_income: (pair, was, is) => {
    if (!was || !is) return compared('income')(pair, was?.field, is?.field);
    const subject = () => 'the comparison of monthly income';
    return compareKeys(MONTHLY, { ...pair, was, is, subject, path: [...pair.path, 'monthly_income'] });
  },
};

const INVITE: Table<Invite> = {
  via: (_pair, _was, is) => [
    forLinks(() => (is === 'smile' ? 'Smile now sends the invitations.' : 'Flipsite now sends the invitations.')),
  ],
  sender: setting('sender', undefined, 'links'),
  reply_to: setting('address for replies', undefined, 'links'),
  subject: textOf('subject', 'links'),
  text: textOf('text', 'links'),
  expires: (_pair, _was, is) => [forLinks(() => `people can now start with a new invitation for ${is}.`)],
  name: ({ after }, _was, is) => [filled(after, 'name', is)],
  email: ({ after }, _was, is) => [filled(after, 'email address', is)],
  template: setting('template', undefined, 'links'),
};

const filled = (form: Form, what: string, id: string | undefined): Described =>
  forLinks(
    (q) =>
    id ? `the ${what} of an invitation now fills in ${q(nameOf(form, id))}.` : `the ${what} of an invitation now fills in the first question that fits.`, // prettier-ignore
  );

const CAUSES: Record<NotificationRule['when'], string> = {
  submitted: 'each submission',
  completed: 'each completed submission',
  linked: 'each connected account',
};

/** The address of a webhook can hold secrets, so only its host is named. */
const receiver = ({ email, webhook }: NotificationRule): string =>
  email ?? `the webhook at ${URL.parse(webhook ?? '')?.host}`;

function ruleChanges(was: NotificationRule[], is: NotificationRule[]): Described[] {
  const keyOf = ({ email, webhook, when }: NotificationRule) => JSON.stringify([email, webhook, when]);
  const { added, removed, moved, inBoth } = compareLists(was, is, keyOf);
  return [
    ...added.map((rule) => forExports(() => `Flipsite now notifies ${receiver(rule)} about ${CAUSES[rule.when]}.`)),
    ...removed.map((rule) =>
      forExports(() => `Flipsite no longer notifies ${receiver(rule)} about ${CAUSES[rule.when]}.`),
    ),
    ...inBoth
      .filter(([old, rule]) => old.secret_env !== rule.secret_env)
      .map(
        ([, rule]) =>
        forExports((q) => `Flipsite now signs messages to ${receiver(rule)} ${rule.secret_env ? `with the secret ${q(rule.secret_env)}` : 'with another secret'}.`), // prettier-ignore
      ),
    ...(moved.length ? [forExports(() => 'emails and webhooks are sent in another order.')] : []),
  ];
}

function languageChanges({ was, is }: Pair<Form>): Described[] {
  const { added, removed, moved } = compareLists(was.languages, is.languages, String);
  const names = (languages: string[]) => languages.map(languageInWords).join(', ');
  const [first] = is.languages;
  return [
    ...(added.length ? [forPeople(() => `people can now read the form in ${names(added)}.`)] : []),
    ...(removed.length ? [forPeople(() => `people can no longer read the form in ${names(removed)}.`)] : []),
    ...(first !== was.languages[0]
      ? [
          forPeople(() => `the form now opens in ${languageInWords(first)} unless people choose another language.`),
          forExports(() => `downloads are now written in ${languageInWords(first)}.`),
        ]
      : moved.length
        ? [forPeople(() => 'the languages are listed in another order.')]
        : []),
    ...(removed.length
      ? [forLinks(() => `links to the form in ${names(removed)} now open it in ${languageInWords(first)}.`)]
      : []),
  ];
}

/** Flipsite deletes by the published setting, so it counts for earlier submissions too. */
function retentionChanges(was: string | undefined, is: string | undefined): Described[] {
  const unsentDays = SITE_LIMITS.unsentDraftDays.value;
  if (is === undefined) {
    const drafts = `Flipsite deletes drafts ${unsentDays} days after their last change, also earlier ones.`;
    const change = forStarted(() => `Flipsite no longer deletes submissions that were sent. ${drafts}`);
    return [deletesSooner(was, is) ? { ...change, loses: true } : change];
  }
  return deletesSooner(was, is)
    ? [losing(() => `Flipsite now deletes submissions ${is} after their last change, also earlier ones.`)]
    : [forStarted(() => `Flipsite now keeps submissions for ${is} after their last change, also earlier ones.`)];
}

const TABLE: Table<Form> = {
  slug: (_pair, was, is) => [forLinks(() => `the address of the form is now /${is} instead of /${was}.`)],
  title: textOf('title'),
  description: textOf('description'),
  languages: (pair) => languageChanges(pair),
  brand: (pair, was, is) => {
    const subject = () => 'the brand';
    return compareKeys(BRAND, {
      ...pair,
      was: was ?? ({} as never),
      is: is ?? ({} as never),
      subject,
      path: ['brand'],
    });
  },
  params: (_pair, was = [], is = []) => {
    const { added, removed } = compareLists(was, is, String);
    return [
      ...added.map((name) => forLinks((q) => `Flipsite now keeps ${q(name)} from links.`)),
      ...removed.map((name): Described => ({ ...forLinks((q) => `Flipsite no longer keeps ${q(name)} from links.`), loses: true })), // prettier-ignore
    ];
  },
  example: flag(
    () => 'the form is now an example, and it works only in test mode.',
    () => 'the form is no longer an example, so people can fill it in.',
  ),
  review: flag(
    () => 'people now check all their answers before they send them.',
    () => 'people now send their answers without a last check.',
  ),
  limits: (pair, was = {}, is = {}) => [
    ...compareKeys(LIMITS, { ...pair, was, is, subject: () => 'the limits', path: ['limits'] }),
    ...(AT_ONCE.every((key) => isSame(was[key], is[key]))
      ? []
      : [forStarted(() => 'the new limits count for people who have started, too.')]),
  ],
  retention: (_pair, was, is) => retentionChanges(was, is),
  match: (pair, was = {}, is = {}) =>
    compareKeys(MATCH, { ...pair, was, is, subject: () => 'the comparison', path: ['match'] }),
  notify: (_pair, was = [], is = []) => ruleChanges(was, is),
  invite: (pair, was, is) => {
    if (!is) return [forLinks(() => 'members can no longer invite people.')];
    if (!was) return [forLinks(() => 'members can now invite people by email.')];
    return compareKeys(INVITE, { ...pair, was, is, subject: () => 'the invitation', path: ['invite'] });
  },
  links: (pair, was = [], is = []) => campaignLinkChanges(pair, was, is),
  embed: (_pair, was, is) => embedChanges(was?.allow ?? [], is?.allow ?? []),
  share: (pair, was = {}, is = {}) =>
    compareKeys(SHARE, { ...pair, was, is, subject: () => 'the card of the form', path: ['share'] }),
  password: (_pair, was, is) =>
    is
      ? [
          forPeople(() =>
            was ? 'the password of the form is another one.' : 'people now need a password to see the form.',
          ),
          forStarted(() => 'people who come back to an unfinished form need the new password.'),
        ]
      : [forPeople(() => 'people no longer need a password to see the form.')],
  proof_of_work: flag(
    () => 'each browser now solves a short computation before it starts.',
    () => 'browsers no longer solve a computation before they start.',
  ),
  // Each of these has sentences of its own.
  screens: noSentence,
  endings: noSentence,
  // People never see them.
  examples: noSentence,
};

/** The changes of all settings. */
export function settingChanges(forms: Forms): Change[] {
  const { before: was, after: is } = forms;
  return compareKeys(TABLE, { ...forms, was, is, subject: (_q: Quote) => 'the form', path: [] });
}
