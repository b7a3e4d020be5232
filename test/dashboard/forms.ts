/** A form, its submissions and their accounts, stored as the site stores them. */
import { parseForm } from '../../src/form/parse.ts';
import type { Form } from '../../src/form/schema.ts';
import { recordAccount } from '../../src/record/accounts/accounts.ts';
import type { Database } from '../../src/record/db/database.ts';
import { newReference } from '../../src/record/ids.ts';
import { createSubmission, type Submission } from '../../src/record/submissions/submissions.ts';
import { markSubmitted, mergeAnswers } from '../../src/record/submissions/save-answers.ts';
import { saveVersion } from '../../src/record/versions.ts';
import type { Answers } from '../../src/form/runtime/condition.ts';
import { NOW } from '../helpers/database.ts';

export const DRIVER = `
title: Become a driver
params: [customer_id]
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: email, type: email, label: Email }
      - { id: mobile, type: phone, label: Mobile number, country: PH }
      - id: city
        type: select
        label: City
        options: [{ value: cebu, label: Cebu City }, { value: davao, label: Davao }]
      - { id: status, type: text, label: Status }
    next: [{ when: { status: none }, go: not_yet }]
  - id: connect
    title: 'Connect, {full_name}'
    wink: { require: none }
endings:
  - { id: done, title: 'Thank you, {full_name}' }
  - { id: not_yet, title: Not yet, outcome: disqualified }
`;

export function compiled(yaml = DRIVER, slug = 'driver'): Form {
  const parsed = parseForm(`${slug}.yaml`, yaml, NOW);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.form;
}

/** Publishes a form and returns a function that makes submissions of it. */
export async function publish(db: Database, form = compiled(), now = NOW) {
  const version = await saveVersion(db, form, now);
  return async (
    answers: Answers = {},
    given: { ending?: string; params?: Record<string, string>; now?: Date } = {},
  ): Promise<Submission> => {
    const at = given.now ?? now;
    const draft = await createSubmission(db, {
      form: form.slug,
      version,
      language: 'en',
      params: given.params ?? {},
      now: at,
    });
    await mergeAnswers(db, draft.id, { set: answers, clear: [] }, at);
    const saved = { ...draft, answers };
    if (!given.ending) return saved;
    const outcome = given.ending === 'not_yet' ? 'disqualified' : 'completed';
    await markSubmitted(db, draft.id, { answers, reference: newReference(), ending: given.ending, outcome, now: at });
    return saved;
  };
}

export const link = (
  db: Database,
  submissionId: string,
  given: { confirmed: boolean; status?: 'CONNECTED' | 'ERROR' },
) =>
  recordAccount(db, {
    accountId: `a-${submissionId}`,
    submissionId,
    screen: 'connect',
    providerId: 'metro',
    status: given.status ?? 'CONNECTED',
    errorCode: given.status === 'ERROR' ? 'INVALID_CREDENTIALS' : null,
    confirmed: given.confirmed,
    at: NOW.toISOString(),
    now: NOW,
  });
