/** Finds other submissions and invitations of one person, by email address and phone number, for privacy requests. */
import { canHold } from '../../form/fields/fields.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import { countedAs } from '../../record/submissions/which-count.ts';
import type { Database } from '../../record/db/database.ts';
import { timeOf } from '../../record/ids.ts';
import { findInvitationOf, findInvitationsTo } from '../../record/invitations.ts';
import { openAnswers, type StoredAnswers } from '../../record/submissions/sealed-answers.ts';
import { newestSubmissions, READ_AT_ONCE, searchInTurn } from '../../record/submissions/submission-list.ts';
import { toSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { hasStarted } from '../../record/submissions/which-count.ts';
import { findShownVersion } from '../../record/forms/shown-version.ts';
import { currentForm, formStates } from '../../record/forms/form-states.ts';
import type { StateLabel } from '../display/account-words.ts';
import { titleOfForm } from '../display/form-titles.ts';
import { pathOfPerson, personOf } from '../display/person.ts';
import { statusOf } from './submission-rows.ts';

export type SamePerson = {
  /** Whether the submission has an email address or a phone number. */
  known: boolean;
  submissions: { href: string; name: string; form: string; status: StateLabel }[];
  /** Other invitations to the same address. */
  invitations: { href: string; name: string; email: string; form: string }[];
  /** Whether Flipsite left out forms that the member may not see. */
  isPartial: boolean;
  /** Whether Flipsite left out private answers that the member may not see. */
  leavesOutPrivate: boolean;
  /** The time to which Flipsite looked back, if there are older submissions. ISO 8601. */
  lookedBack: string | null;
};

/**
 * Sensitive answers are encrypted, so no index finds them. Flipsite decrypts and compares this many submissions, the newest
 * first.
 */
export const MAX_LOOKED_THROUGH = 20_000;
const MAX_FOUND = 50;

/**
 * A member who may not see private answers could find them by comparing guesses, so theirs are left out.
 * @param allowed the forms whose people the member may see; undefined for all
 * @param revealed those whose private answers the member may see; undefined for all
 */
export async function findSamePerson(
  db: Database,
  submission: Submission,
  allowed?: readonly string[],
  revealed?: readonly string[],
): Promise<SamePerson> {
  const maySee = (form: string) => allowed?.includes(form) ?? true;
  let leavesOutPrivate = false;
  const allContactFields = contactFieldsIn(db);
  const contactFields = async (row: { form: string; version: string }): Promise<ReadonlySet<string>> => {
    const { open, all } = await allContactFields(row);
    if (revealed?.includes(row.form) ?? true) return all;
    leavesOutPrivate ||= open.size < all.size;
    return open;
  };
  const invitation = await findInvitationOf(db, submission.id);
  const own = contactsIn(submission.answers, await contactFields(submission));
  if (invitation) own.add(invitation.email);
  const isPartial = allowed !== undefined;
  if (!own.size)
    return { known: false, submissions: [], invitations: [], isPartial, leavesOutPrivate, lookedBack: null };
  const titleOf = titlesIn(db);
  const found: SamePerson['submissions'] = [];
  /** Compares the submissions before one. @returns those that it looked at */
  async function compareNext(before: string | undefined) {
    const rows = await newestSubmissions(db, before, READ_AT_ONCE);
    for (const row of rows) {
      if (row.id === submission.id || !maySee(row.form) || countedAs({ ...row, started: hasStarted(row) }) === 'empty')
        continue;
      const fields = await contactFields(row);
      const stored = JSON.parse(row.answers) as StoredAnswers;
      const some = Object.fromEntries(Object.entries(stored).filter(([id]) => fields.has(id)));
      const contacts = contactsIn(openAnswers(db.keys, row.id, some).answers, fields);
      if (![...contacts].some((contact) => own.has(contact))) continue;
      const other = toSubmission(db, row);
      const form = await findShownVersion(db, row.form, row.version);
      found.push({
        href: pathOfPerson(row.form, row.id),
        name: personOf(form, other).name,
        form: await titleOf(row.form),
        status: statusOf(other),
      });
    }
    return rows;
  }
  let last: string | undefined;
  let isAll = false;
  for (let looked = 0; !isAll && found.length < MAX_FOUND && looked < MAX_LOOKED_THROUGH; looked += READ_AT_ONCE) {
    const previous = last;
    const rows = await searchInTurn(() => compareNext(previous));
    last = rows.at(-1)?.id;
    isAll = rows.length < READ_AT_ONCE;
  }
  const emails = [...own].filter((contact) => contact.includes('@'));
  const slugs = (await formStates(db)).map(({ slug }) => slug).filter(maySee);
  const others = (await findInvitationsTo(db, slugs, emails)).filter(({ id }) => id !== invitation?.id);
  const invitations = await Promise.all(
    others.map(async ({ name, email, form }) => ({
      href: `/admin/forms/${form}/invitations?${new URLSearchParams({ q: email })}`,
      name,
      email,
      form: await titleOf(form),
    })),
  );
  const lookedBack = isAll || last === undefined ? null : new Date(timeOf(last)).toISOString();
  return { known: true, submissions: found, invitations, isPartial, leavesOutPrivate, lookedBack };
}

/** The title of a form, or its slug. Reads each form once. */
function titlesIn(db: Database) {
  const known = new Map<string, Promise<string>>();
  return (slug: string): Promise<string> => {
    const title = known.get(slug) ?? currentForm(db, slug).then((form) => titleOfForm(slug, form));
    known.set(slug, title);
    return title;
  };
}

interface ContactFields {
  all: ReadonlySet<string>;
  /** Those without private answers. */
  open: ReadonlySet<string>;
}

/** The ids of the email and phone fields in the version of a submission. */
function contactFieldsIn(db: Database) {
  const known = new Map<string, Promise<ContactFields>>();
  return ({ form, version }: { form: string; version: string }): Promise<ContactFields> => {
    const name = `${form} ${version}`;
    const fields = known.get(name) ?? findShownVersion(db, form, version).then(contactFieldsOf);
    known.set(name, fields);
    return fields;
  };
}

function contactFieldsOf(form: Form | undefined): ContactFields {
  const fields = (form ? fieldsOf(form) : []).filter((field) => canHold(field, 'email') || canHold(field, 'phone'));
  const all = fields.map(({ id }) => id);
  const isPrivate = form ? sensitiveFields(form) : new Set();
  return { all: new Set(all), open: new Set(all.filter((id) => !isPrivate.has(id))) };
}

/** Email addresses in lower case, and phone numbers in digits. */
function contactsIn(answers: Submission['answers'], fields: ReadonlySet<string>): Set<string> {
  const texts = Object.entries(answers).flatMap(([id, answer]) =>
    fields.has(id) && typeof answer === 'string' ? [answer.trim().toLowerCase()] : [],
  );
  return new Set(texts.map((text) => (text.includes('@') ? text : text.replace(/\D/g, ''))).filter(Boolean));
}
