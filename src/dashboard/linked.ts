/** What was read from a submission's accounts, how it compares with what was declared, and until when Smile has it. */
import { retrievedOn } from '../form/retrieve.ts';
import { fieldCalled, type Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';
import { localize } from '../form/runtime/text.ts';
import { matchLines, groupByDataPoint, type MatchLine } from '../linked/match.ts';
import { describeData, titleOf, type DataDescription } from '../linked/words.ts';
import { isMonitored, smileKeepsUntil, type Account } from '../record/accounts/accounts.ts';
import type { LinkedData } from '../record/accounts/account-data.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import type { StateLabel } from './account-words.ts';

export type LinkedView = {
  accountId: string;
  called: string;
  points: (DataDescription & { readAt: string })[];
  /** What is no longer here, and why, in a sentence. */
  gone: { text: string; at: string } | undefined;
};

/** By account, in the order of the accounts; those that nothing was read from are left out. */
export function linkedViews(
  accounts: Account[],
  linked: LinkedData[],
  called: (account: Account) => string,
): LinkedView[] {
  return accounts.flatMap((account) => {
    const { accountId } = account;
    const own = linked.filter((one) => one.accountId === accountId);
    if (!own.length) return [];
    const points = own
      .filter(({ removedAt }) => removedAt === null)
      .map(({ dataPoint, items, readAt, fault }) => ({
        ...describeData(dataPoint, items),
        readAt,
        ...(fault && { summary: `This cannot be opened. ${fault}` }),
      }));
    return [
      { accountId, called: called(account), points, gone: goneOf(own.filter(({ removedAt }) => removedAt !== null)) },
    ];
  });
}

function goneOf(removed: LinkedData[]): LinkedView['gone'] {
  const last = removed.toSorted((a, b) => (a.removedAt ?? '').localeCompare(b.removedAt ?? '')).at(-1);
  if (!last?.removedAt) return undefined;
  const what = removed.map(({ dataPoint, count }) => `${titleOf(dataPoint).toLowerCase()} (${count})`).join(', ');
  return { text: `Removed because the person disconnected the account: ${what}`, at: last.removedAt };
}

/**
 * `covered`: the sensitive fields that the declared value is in, until they are asked for. Then it is not given, and
 * neither is why it agrees or differs: that value could be told from it and the linked one.
 */
export type MatchView = Omit<MatchLine, 'what' | 'fields'> & { label: string; state: StateLabel; covered: string[] };

const LABELS = { name: 'Name', employer: 'Employer', monthly_income: 'Monthly income' } as const;
const STATES: Record<MatchLine['verdict'], StateLabel> = {
  agree: { icon: 'ok', word: 'Agrees', tone: 'ok' },
  differs: { icon: 'warn', word: 'Differs', tone: 'warn' },
  unknown: { icon: 'half', word: 'Unknown' },
};

/**
 * Nothing for a submission that was erased: neither side is there any more.
 * @param today `YYYY-MM-DD`
 * @param uncovered the fields whose sensitive answers have been asked for
 */
export function matchViews(
  form: Form | undefined,
  { answers, erasedAt }: Submission,
  linked: LinkedData[],
  today: string,
  uncovered: ReadonlySet<string>,
): MatchView[] {
  if (!form || erasedAt) return [];
  const data = groupByDataPoint(linked);
  const hidden = sensitiveFields(form);
  return matchLines(form, answers, data, today).map(({ what, fields, ...line }) => {
    const [first, ...more] = fields.map((id) => fieldCalled(form, id));
    const asked = first && !more.length ? localize(first.label, form.languages[0]) : undefined;
    const label = asked && asked !== LABELS[what] ? `${LABELS[what]} (“${asked}”)` : LABELS[what];
    const covered = fields.filter((id) => id in answers && hidden.has(id) && !uncovered.has(id));
    const told = covered.length > 0 ? { ...line, declared: undefined, why: undefined } : line;
    return { ...told, label, state: STATES[line.verdict], covered };
  });
}

/** How long before Smile forgets something that is not here it is said loudly. */
export const WARN_MS = 14 * 24 * 60 * 60_000;

/** `text` goes before the moment, `more` is a sentence after it. */
export type DataExpiry = { at: string; text: string; more: string | undefined; warn: boolean };

/** When Smile forgets what it has read of an account, and whether something is lost then. */
export function expiryOf(
  account: Account,
  form: Form | undefined,
  linked: LinkedData[],
  now: Date,
): DataExpiry | undefined {
  const until = smileKeepsUntil(account);
  if ((!until && !isMonitored(account)) || account.revokedAt) return undefined;
  const wanted = form ? retrievedOn(form, account) : [];
  const here = wanted.filter((point) => linked.some((one) => one.accountId === account.accountId && one.dataPoint === point && one.removedAt === null)); // prettier-ignore
  const missing = wanted.filter((point) => !here.includes(point)).map((point) => titleOf(point).toLowerCase());
  if (!until) return { at: account.connectedAt ?? account.statusAt, text: 'Smile keeps this account in sync. It is connected since', more: hereOf(wanted, missing), warn: false }; // prettier-ignore
  const at = until.toISOString();
  if (until <= now) return { at, text: 'Smile keeps what it has read for 60 days, which ended on', more: undefined, warn: false }; // prettier-ignore
  const warn = missing.length > 0 && until.getTime() - now.getTime() < WARN_MS;
  return { at, text: `${warn ? 'Soon lost: ' : ''}Smile keeps what it has read until`, more: hereOf(wanted, missing), warn }; // prettier-ignore
}

function hereOf(wanted: unknown[], missing: string[]): string {
  if (missing.length > 0) return `Not stored here yet: ${missing.join(', ')}.`;
  return wanted.length > 0 ? 'All that the form asks for is stored here too.' : 'Nothing of it is stored here.';
}
