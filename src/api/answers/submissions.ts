/** The answers for programs that read submissions. */
import { z } from 'zod';
import { answers, count, named, params, isoTime } from './answer.ts';

export const formListAnswer = named('FormList', () =>
  z.object({
    items: z.array(
      z.object({
        slug: z.string(),
        title: z.union([z.string(), z.record(z.string(), z.string())]).describe('A text, or one text per language'),
        version: z.string(),
        languages: z.array(z.string()),
        removed: z.boolean().describe('Whether the file of the form is gone'),
        owner: z.enum(['files', 'dashboard']).describe('Where the form is managed'),
      }),
    ),
  }),
);

const file = () =>
  z.object({
    id: z.string(),
    field: z.string(),
    name: z.string(),
    type: z.string(),
    size: count().describe('In bytes'),
  });

const account = () =>
  z.object({
    accountId: z.string(),
    providerId: z.string(),
    status: z.string().describe("Smile's word, such as CONNECTED"),
    confirmed: z.boolean().describe('Whether Smile confirmed the status. Without it, only the page claims it'),
    revoked: z.boolean().optional().describe('Flipsite has read the data and disconnects the account'),
  });

/** As `submission-resource.ts` makes it. */
const submission = named('Submission', () =>
  z.object({
    id: z.string(),
    reference: z.string().nullable().describe('The code that the person got at the end'),
    form: z.string(),
    version: z.string(),
    language: z.string(),
    status: z.enum(['draft', 'submitted']),
    answers: answers(),
    files: z.array(file()),
    unreadable: z
      .record(z.string(), z.string())
      .optional()
      .describe('A sentence by the id of each field whose answer no key can decrypt'),
    link: z.string().nullable().describe('The id of the campaign link by which the person came'),
    params: params(),
    ending: z.string().nullable(),
    outcome: z.string().nullable().describe('completed or disqualified'),
    quarantined: z.boolean().describe('Whether the submission looks like spam'),
    counted: z.boolean().describe('Whether the dashboard lists it'),
    accounts: z.array(account()).describe('The work accounts'),
    createdAt: isoTime(),
    submittedAt: isoTime().nullable(),
    erasedAt: isoTime().nullable().describe('The time when its content was deleted'),
  }),
);

export const submissionListAnswer = named('SubmissionList', () =>
  z.object({
    items: z.array(submission()),
    nextCursor: z.string().nullable().describe('The cursor of the next page. null on the last page'),
    complete: z.boolean().optional().describe('With a filter: false while Flipsite still counts people'),
  }),
);

const unreadable = () => z.string().optional().describe('The reason if no key can decrypt the data');
const smileData = () => z.record(z.string(), z.unknown());

const linkedData = () =>
  z.object({
    accountId: z.string(),
    dataPoint: z.string().describe('The kind of data, such as identities'),
    items: z.array(smileData()).describe('As Smile sent them'),
    readAt: isoTime(),
    removedAt: isoTime().nullable(),
    removedBecause: z.string().nullable().describe('disconnected, if the account was disconnected'),
    unreadable: unreadable(),
  });

const document = () =>
  z.object({
    archiveId: z.string(),
    type: z.string().nullable().describe("Smile's word, such as PAYSLIP"),
    status: z.string().describe("Smile's word, such as ANALYZED"),
    errorCode: z.string().optional(),
    content: smileData().nullable().describe('The data that Smile read from the document'),
    readAt: isoTime().nullable(),
    removedAt: isoTime().nullable(),
    unreadable: unreadable(),
  });

const matchLine = () =>
  z.object({
    what: z.enum(['name', 'employer', 'monthly_income']),
    verdict: z.enum(['agree', 'differs', 'unknown']),
    declared: z.string().optional(),
    linked: z.string().optional(),
    why: z.string().optional(),
    fields: z.array(z.string()).describe('The ids of the fields with the declared value'),
  });

const event = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    source: z.enum(['page', 'widget', 'webhook', 'server']),
    at: isoTime().describe('By the clock of the source'),
    receivedAt: isoTime().describe('By the clock of the server'),
    data: z.unknown(),
  });

export const submissionDetailsAnswer = named('SubmissionDetails', () =>
  z.object({
    ...submission().shape,
    linked: z.array(linkedData()).describe('The data of the accounts'),
    documents: z.array(document()).describe('The documents that the person uploaded in the widget'),
    match: z.array(matchLine()).describe('The answers, compared with the account'),
    events: z.array(event()).describe('In the order in which they arrived'),
    eventsLeftOut: count().describe('How many older events this answer leaves out'),
  }),
);
