/** One generated passage through a form, as the rows that a real one leaves. */
import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Form, Screen } from '../../form/schema.ts';
import type { EventSource } from '../../record/events.ts';
import { newId } from '../../record/ids.ts';
import { sealLinked } from '../../record/accounts/account-data.ts';
import type { SealKeys } from '../../record/crypto/seal.ts';
import { sealAnswers } from '../../record/submissions/sealed-answers.ts';
import { suspicionColumns, type Suspicion } from '../../record/submissions/suspicion.ts';
import type { Tables } from '../../record/db/tables.ts';
import { answersTo, seededRandom } from './likely.ts';

export type Rows = { [T in keyof Tables]: Insertable<Tables[T]>[] };

export interface Passage {
  form: Form;
  version: string;
  /** The fields whose answers are sealed. */
  sensitive: ReadonlySet<string>;
  /** A number for each person, which decides their answers. */
  number: number;
  reference: string;
  at: Date;
  keys: SealKeys;
}

/** How it ended: of a hundred, 8 give no answer, 22 stop on the way, 70 send the form. */
type Goes = { screens: Screen[]; sent: boolean; account: 'CONNECTED' | 'ERROR' | 'PENDING' | undefined };

/** Adds the rows of the passage to `rows`, with about 17 events. */
export function addPassage(rows: Rows, passage: Passage): void {
  const { form, version, sensitive, number, reference, at, keys } = passage;
  const chance = seededRandom(number);
  const way = wayOf(form, chance);
  const { screens, sent } = way;
  const id = newId(at);
  const language = form.languages[number % form.languages.length] ?? 'en';
  const user = way.account && `user-${newId(at)}`;
  const wink = screens.find((screen) => screen.wink);
  const account = user && wink ? { user, id: `acc-${newId(at)}`, screen: wink.id, status: way.account } : undefined;
  const suspicion = suspicionOf(chance());
  const outcome = chance() < 0.1 ? 'disqualified' : 'completed';
  const ending = form.endings.find((one) => one.outcome === outcome) ?? form.endings[0];

  const hash = createHash('sha256').update(id).digest('hex');

  let seconds = 0;
  const moment = () => new Date(at.getTime() + seconds * 1_000).toISOString();
  const addEvent = (name: string, source: EventSource, data: object, wait: number) => {
    seconds += wait;
    const [now, webhook] = [moment(), source === 'webhook'];
    rows.events.push({ scope: webhook ? 'smile' : id, id: newId(new Date(now)), submission_id: id, smile_user_id: (webhook && user) || null, name, source, at: now, received_at: now, data: JSON.stringify(data) }); // prettier-ignore
  };
  const remember = (scope: string, response: object) =>
    rows.idempotency.push({ scope, key: newId(at), body_hash: hash, response: JSON.stringify(response), created_at: moment() }); // prettier-ignore

  const device = pick(DEVICES, chance());
  const link = pick(LINKS, chance());
  addEvent('started', 'server', { language, device, ...(link && { link }) }, 0);
  remember(`start:${form.slug}`, { id });
  for (const { id: screen, fields } of screens) {
    const after = form.screens[form.screens.findIndex((one) => one.id === screen) + 1]?.id;
    const next = after ? { screen: after } : { ending: ending?.id };
    addEvent('screenSeen', 'page', { screen }, 1);
    if (screen === account?.screen) linkAccount(rows, account, { id, keys, addEvent, moment, next });
    else addEvent('answersSaved', 'server', { screen, fields: fields.map((field) => field.id), next }, 10 + Math.floor(chance() * 50)); // prettier-ignore
    remember(id, { next });
  }
  if (sent) addEvent('submitted', 'server', { ending: ending?.id }, 5);
  const answers = sealAnswers(keys, id, answersTo(screens, number), sensitive);
  rows.submissions.push({
    id,
    form: form.slug,
    version,
    language,
    link,
    params: form.params[0] ? JSON.stringify({ [form.params[0]]: `C-${number}` }) : '{}',
    answers: JSON.stringify(answers),
    smile_user_id: user ?? null,
    wink_screen: account?.screen ?? null,
    reference: sent ? reference : null,
    ending: sent ? (ending?.id ?? null) : null,
    outcome: sent ? (ending?.outcome ?? null) : null,
    ...suspicionColumns(suspicion),
    created_at: at.toISOString(),
    updated_at: moment(),
    submitted_at: sent ? moment() : null,
  });
  if (sent) deliver(rows, form, id, moment(), chance());
}

/** One entry of `list` by a number from 0 to 1. */
const pick = <T>(list: readonly T[], part: number): T => list[Math.floor(part * list.length)] as T;

const DEVICES = ['phone', 'phone', 'phone', 'tablet', 'desktop'] as const;
const LINKS = [null, null, 'fb-dec', 'fb-dec', 'flyer-quiapo'] as const;

function wayOf(form: Form, chance: () => number): Goes {
  const part = chance();
  const sent = part >= 0.3;
  const questions = form.screens.filter(({ fields, wink }) => wink || fields.length > 0);
  const screens = sent ? questions : questions.slice(0, part < 0.08 ? 0 : Math.ceil(chance() * (questions.length - 1)));
  const opens = screens.some(({ wink }) => wink) && chance() < 0.8;
  const what = chance();
  return { screens, sent, account: opens ? (what < 0.8 ? 'CONNECTED' : what < 0.93 ? 'ERROR' : 'PENDING') : undefined };
}

/** Of a hundred, two came too fast: a member has looked at half of these, and called half of them spam. */
function suspicionOf(part: number): Suspicion {
  if (part >= 0.02) return { suspicion: [], verdict: null };
  return { suspicion: ['fast'], verdict: part < 0.005 ? 'spam' : part < 0.01 ? 'fine' : null };
}

type Linking = {
  id: string;
  keys: SealKeys;
  addEvent(name: string, source: EventSource, data: object, wait: number): void;
  moment(): string;
  /** Where the journey continues after the widget. */
  next: object;
};

/** The opened widget, with the events of the page and of Smile. */
function linkAccount(
  rows: Rows,
  account: { user: string; id: string; screen: string; status: Goes['account'] },
  { id, keys, addEvent, moment, next }: Linking,
): void {
  const { user, screen, status } = account;
  const providerId = 'grab';
  const claim = { accountId: account.id, userId: user, providerId };
  const webhook = (type: string, more = {}) =>
    addEvent(type, 'webhook', { id: account.id, type, createdAt: moment(), data: { userId: user, accountId: account.id, providers: [providerId], ...more } }, 1); // prettier-ignore
  addEvent('linkTokenIssued', 'server', { screen }, 5);
  addEvent('onUIEvent', 'widget', { screen, eventName: 'LoginPageOpened', account: { providerId } }, 15);
  addEvent('onAccountCreated', 'widget', claim, 15);
  if (status === 'CONNECTED') {
    addEvent('onAccountConnected', 'widget', claim, 10);
    webhook('ACCOUNT_CONNECTED');
    webhook('TASK_FINISHED');
    const items = [{ fullName: 'Ana Reyes', email: `${user}@example.com`, platform: providerId, rating: 4.8, trips: 812 }]; // prettier-ignore
    const data_point = 'identities';
    rows.account_data.push({ account_id: account.id, data_point, submission_id: id, sealed: sealLinked(keys, account.id, data_point, items), items: items.length, read_at: moment() }); // prettier-ignore
    addEvent('linkedRead', 'server', { accountId: account.id, providerId, points: { [data_point]: 1 } }, 2);
  }
  if (status === 'ERROR') {
    addEvent('onAccountError', 'widget', { ...claim, errorCode: 'INVALID_CREDENTIALS' }, 10);
    webhook('ACCOUNT_FAILED', { errorCode: 'INVALID_CREDENTIALS' });
  }
  addEvent('onClose', 'widget', { reason: status === 'ERROR' ? 'error' : 'exit' }, 3);
  addEvent('screenLeft', 'server', { screen, state: status === 'CONNECTED' ? 'connected' : 'failed', next }, 2);
  const confirmed = Number(status !== 'PENDING');
  rows.accounts.push({ account_id: account.id, submission_id: id, screen, provider_id: providerId, status: status ?? '', error_code: status === 'ERROR' ? 'INVALID_CREDENTIALS' : null, confirmed, status_at: moment(), connected_at: status === 'CONNECTED' ? moment() : null, created_at: moment(), updated_at: moment() }); // prettier-ignore
  const day = new Date(Date.parse(moment()) + 365 * 86_400_000).toISOString();
  const job = { kind: 'reconcile', subject: id, submission_id: id, data: '{}', generation: 1, attempts: 0 };
  if (status === 'CONNECTED') rows.jobs.push({ id: newId(new Date(moment())), ...job, due_at: day, created_at: moment() }); // prettier-ignore
}

/** The deliveries of the form's `notify`. Two of a hundred have failed for good. */
function deliver(rows: Rows, form: Form, submissionId: string, at: string, part: number): void {
  for (const { email, webhook, when: cause } of form.notify ?? []) {
    const id = newId(new Date(at));
    const [ok, channel, target] = [part >= 0.02, email ? 'email' : 'webhook', email ?? webhook ?? ''];
    const dedupe_key = JSON.stringify([submissionId, cause, channel, target]);
    rows.deliveries.push({ id, form: form.slug, submission_id: submissionId, channel, target, cause, dedupe_key, status: ok ? 'sent' : 'failed', created_at: at, settled_at: at }); // prettier-ignore
    rows.attempts.push({ id: newId(new Date(at)), delivery_id: id, at, ok: Number(ok), status: ok ? 200 : 500, message: ok ? 'OK' : 'Internal Server Error', took_ms: 80 }); // prettier-ignore
  }
}
