/** The data read from a person's accounts, its comparison with the answers, and when Smile deletes its copy. */
import { retrievedOn } from '../../form/inspect/retrieve.ts';
import { fieldCalled, type Form } from '../../form/schema.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { matchLines, groupByDataPoint, type MatchLine } from '../../linked/match.ts';
import { describeData, titleOf, type DataDescription } from '../../linked/words.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { capOf, factsOfEach } from './entry-shares.ts';
import { isMonitored, smileKeepsUntil, type Account } from '../../record/accounts/accounts.ts';
import type { LinkedData } from '../../record/accounts/account-data.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import type { StateLabel } from '../display/account-words.ts';
import type { Title } from '../display/titles.ts';

export type LinkedView = {
  accountId: string;
  called: string;
  points: (DataDescription & { readAt: string })[];
  /** The data that was deleted here and the reason, as a sentence. */
  gone: { text: string; at: string } | undefined;
};

/**
 * By account, in the order of the accounts, without accounts that have no data. A data point with few items has all of them,
 * and longer ones share the entries that are left.
 */
export function linkedViews(
  accounts: Account[],
  linked: LinkedData[],
  called: (account: Account) => string,
): LinkedView[] {
  const lengths = linked.map(({ items }) => items.length);
  const cap = capOf(lengths, SITE_LIMITS.accountEntriesPerPage.value);
  const maxFacts = factsOfEach(lengths.reduce((sum, length) => sum + Math.min(length, cap), 0));
  return accounts.flatMap((account) => {
    const { accountId } = account;
    const own = linked.filter((one) => one.accountId === accountId);
    if (!own.length) return [];
    const points = own
      .filter(({ removedAt }) => removedAt === null)
      .map(({ dataPoint, items, readAt, fault }) => ({
        ...describeData(dataPoint, items, cap, maxFacts),
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
  const names = removed.map(({ dataPoint, count }) => `${titleOf(dataPoint).toLowerCase()} (${count})`).join(', ');
  return { text: `Deleted because the account was disconnected: ${names}`, at: last.removedAt };
}

/**
 * `redacted`: the sensitive fields of the answer, until a member reveals them. Then the answer is absent. The reason is
 * absent too, because the reason and the account's value together could give the answer away.
 */
export type MatchView = Omit<MatchLine, 'what' | 'fields'> & { label: string; state: StateLabel; redacted: string[] };

const LABELS = { name: 'Name', employer: 'Employer', monthly_income: 'Monthly income' } as const;
const STATES: Record<MatchLine['verdict'], StateLabel> = {
  agree: { icon: 'ok', word: 'Agrees', tone: 'ok' },
  differs: { icon: 'warn', word: 'Different', tone: 'warn' },
  unknown: { icon: 'half', word: 'Cannot compare' },
};

/**
 * Empty for a deleted submission.
 * @param titleOfField the label of a field, with the person's answers in it
 * @param today `YYYY-MM-DD`
 * @param revealed the sensitive fields that a member has revealed
 */
export function matchViews(
  form: Form | undefined,
  { answers, erasedAt }: Submission,
  linked: LinkedData[],
  titleOfField: Title,
  today: string,
  revealed: ReadonlySet<string>,
): MatchView[] {
  if (!form || erasedAt) return [];
  const data = groupByDataPoint(linked);
  const hidden = sensitiveFields(form);
  return matchLines(form, answers, data, today).map(({ what, fields, ...line }) => {
    const [first, ...more] = fields.map((id) => fieldCalled(form, id));
    const asked = first && !more.length ? titleOfField(first.id) : undefined;
    const label = asked && asked !== LABELS[what] ? `${LABELS[what]} (“${asked}”)` : LABELS[what];
    const redacted = fields.filter((id) => id in answers && hidden.has(id) && !revealed.has(id));
    const visible = redacted.length > 0 ? { ...line, declared: undefined, why: undefined } : line;
    return { ...visible, label, state: STATES[line.verdict], redacted };
  });
}

/** How long before Smile deletes unsaved data the dashboard warns of it. */
export const WARN_MS = 14 * 24 * 60 * 60_000;

/** `text` comes before the time `at`, which is in ISO 8601. */
export type DataExpiry = { at: string; text: string; warn: boolean };

/** When Smile deletes the data of an account, and whether it is saved here. */
export function expiryOf(
  account: Account,
  form: Form | undefined,
  linked: (Pick<LinkedData, 'accountId' | 'removedAt'> & { dataPoint: string })[],
  now: Date,
): DataExpiry | undefined {
  const until = smileKeepsUntil(account);
  if ((!until && !isMonitored(account)) || account.revokedAt) return undefined;
  const wanted = form ? retrievedOn(form, account) : [];
  const saved = wanted.filter((point) => linked.some((one) => one.accountId === account.accountId && one.dataPoint === point && one.removedAt === null)); // prettier-ignore
  const missing = wanted.filter((point) => !saved.includes(point)).map((point) => titleOf(point).toLowerCase());
  const state = missing.length > 0 ? `Not saved here yet: ${missing.join(', ')}.` : wanted.length > 0 ? 'Saved here.' : 'Not saved here.'; // prettier-ignore
  if (!until) return { at: account.connectedAt ?? account.statusAt, text: `${state} Smile keeps the account up to date since`, warn: false }; // prettier-ignore
  const at = until.toISOString();
  if (until <= now) return { at, text: `${state} Smile kept its copy until`, warn: false };
  const warn = missing.length > 0 && until.getTime() - now.getTime() < WARN_MS;
  return { at, text: `${state} Smile keeps its copy until`, warn };
}
