/**
 * The tables as Kysely sees them. Column types are the ones that SQLite and PostgreSQL share: ids and JSON are text,
 * times are ISO 8601 text in UTC with milliseconds, booleans are the integers 0 and 1.
 */
import type { Generated } from 'kysely';

type SubmissionsTable = {
  id: string;
  form: string;
  version: string;
  language: string;
  link: string | null;
  params: string;
  answers: string;
  smile_user_id: string | null;
  wink_screen: string | null;
  wink_widget: Generated<number>;
  reference: string | null;
  ending: string | null;
  outcome: string | null;
  created_at: string;
  updated_at: string;
  submitted_at: string | null;
  suspicion: string | null;
  verdict: string | null;
  quarantined: Generated<number>;
  erased_at: string | null;
  /** How many screens, link tokens, files and keyed batches of events it has stored. */
  write_count: Generated<number>;
};

/** The events that the browser has stored for one submission so far. */
type SubmissionUsageTable = {
  submission_id: string;
  page_events: number;
  page_bytes: number;
  widget_events: number;
  widget_bytes: number;
};

/** The number and size of the events that Smile caused, for the submission or the invitation with this id. */
type SmileUsageTable = { person_id: string; events: number; bytes: number };

type EventsTable = {
  seq: Generated<number>;
  /** An id is unique within it. It is the id of the submission, or one word for all webhooks. */
  scope: string;
  id: string;
  submission_id: string | null;
  smile_user_id: string | null;
  name: string;
  source: string;
  at: string;
  received_at: string;
  data: string;
};

type AccountsTable = {
  account_id: string;
  submission_id: string;
  screen: string;
  widget: Generated<number>;
  provider_id: string;
  status: string;
  error_code: string | null;
  confirmed: number;
  status_at: string;
  /** When it was connected, by Smile's clock: Smile counts its 60 days from then. */
  connected_at: string | null;
  /** When Flipsite asked Smile to disconnect it. */
  revoked_at: string | null;
  /** Smile's `monitorStatus` of continuous sync; null if unknown. */
  monitor: string | null;
  /** When Smile reported it; null for a status of an earlier version. */
  monitor_at: string | null;
  created_at: string;
  updated_at: string;
};

type AccountDataTable = {
  account_id: string;
  data_point: string;
  submission_id: string;
  /** JSON of the items, sealed; null once removed. */
  sealed: string | null;
  items: number;
  read_at: string;
  removed_at: string | null;
  removed_because: string | null;
};

type SmileWebhooksTable = {
  id: string;
  /** Null until Smile has answered. */
  smile_id: string | null;
  url: string;
  /** Sealed. */
  secret: string;
  created_at: string;
  replaced_at: string | null;
  deleted_at: string | null;
};

type IdempotencyTable = {
  scope: string;
  key: string;
  body_hash: string;
  response: string;
  created_at: string;
};

type VersionsTable = {
  form: string;
  version: string;
  definition: string;
  created_at: string;
  /** When another version became current; null for the current one, and if unknown. */
  replaced_at: string | null;
};

type FormsTable = {
  slug: string;
  version: string | null;
  fault: string | null;
  removed_at: string | null;
  updated_at: string;
  /** `files` or `dashboard`. */
  owner: Generated<string>;
  /** When a member closed it; null while it is open. */
  closed_at: Generated<string | null>;
  archived_at: Generated<string | null>;
  /** No other form with this link has the same, before or after it. Empty where the form is older than this column, or was published first. */
  instance: Generated<string>;
};

/** Acts of members on a form: `close`, `open` or `archive`. */
type FormActsTable = { id: string; form: string; act: string; member_id: string; at: string };

type FormDraftsTable = {
  form: string;
  text: string;
  text_hash: string;
  /** For lists: the title in the first language of the form. */
  title: string;
  revision: number;
  /** Null for a draft that a program made. */
  member_id: string | null;
  updated_at: string;
};

type PublicationsTable = {
  form: string;
  /** From 1 within each form. */
  number: number;
  version: string;
  text: string;
  text_hash: string;
  note: string;
  member_id: string | null;
  published_at: string;
};

/** Links to the preview of a form that were made in an earlier generation no longer work. Without a row it is the first. */
type PreviewGenerationsTable = { form: string; generation: number };

type ScheduledPublicationsTable = {
  form: string;
  at: string;
  text: string;
  replaces: string | null;
  note: string;
  member_id: string;
  /** Why it was not published at that time. */
  problem: string | null;
};

type FormCommentsTable = {
  id: string;
  form: string;
  /** `comment` or `approval`. */
  kind: string;
  screen: string | null;
  field: string | null;
  name: string;
  text: string;
  text_hash: string;
  created_at: string;
  done_at: string | null;
  done_by: string | null;
};

type MembersTable = {
  id: string;
  email: string;
  password_hash: string;
  created_at: string;
};

type SessionsTable = {
  id_hash: string;
  member_id: string;
  created_at: string;
  expires_at: string;
};

type FilesTable = {
  id: string;
  submission_id: string;
  field: string;
  /** Sealed, because a name can reveal as much as the file. */
  name: string;
  type: string;
  size: number;
  sha256: string;
  created_at: string;
  removed_at: string | null;
};

/** Counts of a form's submissions: of all days if `day` is empty, else those submitted on that day (UTC). */
type TalliesTable = {
  form: string;
  day: string;
  /** A count is the sum over its shards. */
  shard: number;
  started: number;
  connected: number;
  submitted: number;
  completed: number;
  quarantined: number;
  deleted: Generated<number>;
};

type UniqueAnswersTable = {
  form: string;
  key_hash: string;
  submission_id: string;
};

type JobsTable = {
  id: string;
  kind: string;
  subject: string;
  submission_id: string | null;
  lane: string | null;
  data: string;
  /** How often it was enqueued. A job that is enqueued again while it runs, runs once more. */
  generation: number;
  attempts: number;
  due_at: string;
  leased_until: string | null;
  error: string | null;
  failed_at: string | null;
  created_at: string;
};

type DeliveriesTable = {
  id: string;
  form: string;
  submission_id: string | null;
  invitation_id: string | null;
  channel: string;
  target: string;
  secret_env: string | null;
  cause: string;
  dedupe_key: string | null;
  status: string;
  created_at: string;
  settled_at: string | null;
};

type AttemptsTable = {
  id: string;
  delivery_id: string;
  at: string;
  ok: number;
  status: number | null;
  message: string;
  took_ms: number;
};

/** A code that lets the person with this email become a member, or choose a new password. */
type MemberCodesTable = {
  email: string;
  code_hash: string;
  created_at: string;
  expires_at: string;
  /** The roles that a new member gets, as JSON; null for an owner of all forms. */
  grants: string | null;
  /** The id of the member who made it; null for the command of the operator. */
  made_by: string | null;
};

/** `form`: null for all forms. */
type GrantsTable = { member_id: string; role: string; form: string | null; may_reveal: Generated<number> };

type InvitationsTable = {
  id: string;
  form: string;
  name: string;
  email: string;
  language: string;
  via: string;
  /** Sealed JSON: answers that the form begins with, and params. */
  prefill: string;
  member_id: string;
  smile_user_id: string | null;
  smile_invite_id: string | null;
  smile_status: string | null;
  submission_id: string | null;
  created_at: string;
  expires_at: string;
  opened_at: string | null;
  withdrawn_at: string | null;
};

type ArchivesTable = {
  archive_id: string;
  submission_id: string;
  screen: string;
  widget: number;
  type: string | null;
  status: string;
  error_code: string | null;
  /** The data that Smile read, as sealed JSON; null if the form does not ask for it, or once removed. */
  sealed: string | null;
  read_at: string | null;
  removed_at: string | null;
  created_at: string;
};

type ProvidersTable = {
  id: string;
  /** Null if Smile has no provider with that id. */
  name: string | null;
  fetched_at: string;
};

/**
 * The part of one submission in the numbers of its form. Absent while it does not count; see
 * `results/submission-progress.ts`.
 */
type SubmissionProgressTable = {
  submission_id: string;
  form: string;
  /** Its cohort: the day on which it was started (UTC), and its link, language and device at that time. */
  day: string;
  /** Empty without a link. */
  link: string;
  language: string;
  device: string;
  /** `counted` or `spam`. */
  state: string;
  /** The steps that the person reached, each between two spaces. */
  steps: string;
  /** The screen that the person is on. Empty at the end; null once the form is submitted. */
  at_screen: string | null;
  /** The last act of the person. */
  last_at: string;
  /** JSON of the active seconds by screen. */
  times: string;
};

/** The sums of all submissions of a cohort. */
type ResultCohortsTable = {
  form: string;
  day: string;
  link: string;
  language: string;
  device: string;
  /** 1 for the numbers of people who were deleted. They stay, and Flipsite can't count them again. */
  of_deleted: number;
  /** JSON of the number of people by step. */
  counts: string;
  /** JSON of the number of people by screen and second. */
  times: string;
};

/** Submissions that changed since their form was counted. */
type ResultChangesTable = { seq: Generated<number>; submission_id: string };

/** How often a page became visible, by day. */
type OpeningsTable = {
  form: string;
  /** The day in UTC, such as `2026-11-24`. Rows of earlier versions have an hour, such as `2026-11-24T10`. */
  hour: string;
  link: string;
  language: string;
  device: string;
  visitor: string;
  count: number;
};

/** Grows with each change of the numbers of a form. */
type ResultRevisionsTable = { form: string; revision: number };

/** Campaign links that are made under Share. Those of a form's text are in its versions. */
type LinksTable = {
  id: string;
  form: string;
  /** See `CampaignLink`, as JSON. */
  definition: string;
  /** Where the link is published, such as `facebook`. Empty if unknown. */
  place: string;
  /** Null for a program that made it with an API key. */
  member_id: string | null;
  created_at: string;
  /** While it is set, the link is closed. */
  paused_at: string | null;
  revision: number;
};

/** Visitors of campaign links. Several rows of the same day differ in their shard, and are added. */
type LinkClicksTable = {
  form: string;
  link: string;
  /** The day in UTC, as in `OpeningsTable`. */
  hour: string;
  class: string;
  device: string;
  /** The website that the visitor came from. Empty if the browser did not say. */
  host: string;
  shard: number;
  clicks: number;
};

/** Counts that one server reports to the others. Only PostgreSQL has this table. */
type SharedCountsTable = {
  /** A random id, a new one for each start. */
  server: string;
  /** From 1 within each server. */
  number: number;
  at: string;
  /** JSON of amounts by counter and name. */
  counts: string;
};

type SiteKeyTable = {
  row: number;
  /** The id of the key that the site last started with. */
  key_id: string;
};

export type Tables = {
  submissions: SubmissionsTable;
  submission_usage: SubmissionUsageTable;
  smile_usage: SmileUsageTable;
  events: EventsTable;
  accounts: AccountsTable;
  idempotency: IdempotencyTable;
  files: FilesTable;
  versions: VersionsTable;
  forms: FormsTable;
  form_acts: FormActsTable;
  form_drafts: FormDraftsTable;
  publications: PublicationsTable;
  preview_generations: PreviewGenerationsTable;
  form_comments: FormCommentsTable;
  scheduled_publications: ScheduledPublicationsTable;
  members: MembersTable;
  sessions: SessionsTable;
  member_codes: MemberCodesTable;
  grants: GrantsTable;
  unique_answers: UniqueAnswersTable;
  tallies: TalliesTable;
  jobs: JobsTable;
  account_data: AccountDataTable;
  smile_webhooks: SmileWebhooksTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  invitations: InvitationsTable;
  providers: ProvidersTable;
  archives: ArchivesTable;
  submission_progress: SubmissionProgressTable;
  result_cohorts: ResultCohortsTable;
  result_changes: ResultChangesTable;
  openings: OpeningsTable;
  result_revisions: ResultRevisionsTable;
  links: LinksTable;
  link_clicks: LinkClicksTable;
  shared_counts: SharedCountsTable;
  site_key: SiteKeyTable;
};
