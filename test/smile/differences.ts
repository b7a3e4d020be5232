/**
 * Intended differences between Smile's OpenAPI document and reality, or our assumptions about it, each with its reason.
 * Both sides of the contract are held to this one list, our client and local Smile.
 */
export interface Difference {
  /** The line of the fault, as the contract tells it. */
  fault: RegExp;
  why: string;
}

const DIFFERENCES: Difference[] = [
  {
    fault: /^\S+ \S+ 415 code: must be equal to one of the allowed values$/,
    why: 'The guide "Understanding the API" answers 415 with UNSUPPORTED_TYPE, which the list of codes in the document lacks.',
  },
  {
    fault: /^GET \/providers(\/\{id\})? (401|403|404|415|429|500|501|503|504) is not declared$/,
    why: 'Errors are the same everywhere (guide "Understanding the API"); the document declares only some here.',
  },
  {
    fault:
      /^\S+ \/(alpha\/forms|tasks|links|insights|users\/\{id\}\/(resetSession|payload))\S* [45]\d\d is not declared$/,
    why: 'Errors are the same everywhere (guide "Understanding the API"); the document declares only the success here.',
  },
  {
    fault: /^POST \/users 415 is not declared$/,
    why: 'As above: the document forgets 415 for this one operation that takes JSON.',
  },
  {
    fault: /^GET \/alpha\/forms\S* 200 data(\.items\.\d+)?\.data\.\w+: must be object$/,
    why: 'A form answers with texts, numbers and booleans in every example of /alpha/forms; its schema says objects.',
  },
  {
    fault: /^POST \/archives body: must have required property 'files'$/,
    why: 'The body has `rawFiles` and no `files` in the schema and in each example; only the list of required keys says `files`.',
  },
  {
    fault: /^\S+ \S+ 200 data(\.items\.\d+)?\.session\.channelId: must be string$/,
    why: 'Null for a user who came by no site, in the example of GET /users; the schema has no null.',
  },
  {
    fault: /^\S+ \S+ 200 data(\.items\.\d+)?\.monitor\.updatedAt: must be string$/,
    why: 'Null for an account that is not monitored, in the example of GET /accounts; the schema has no null.',
  },
  {
    fault: /^\S+ \S+ 200 data(\.items\.\d+)?\.(classification|analysis): must be object$/,
    why: 'Null until an archive is classified and analysed, in each example of archives; the schema has no null.',
  },
  {
    fault: /^\S+ \S+ 200 data\.nextCursor: must be string$/,
    why: 'Null on the last page, in the guide "Understanding the API" and in examples; the schema has no null.',
  },
  {
    fault: /^\S+ \S+ 20[01] data(\.user|\.items\.\d+)?\.externalMetadata: must be object$/,
    why: 'Null for a user without any, in the examples of users; the schema has no null.',
  },
  {
    fault: /\b(data\.user\.session|data\.session|data\.metadata|data\.payload\.metadata)\.channelId: must be string$/,
    why: 'Null for a user who came by no site, as above, wherever else a session is shown.',
  },
  {
    fault: /^GET \/tasks\S* 200 data(\.items\.\d+)?\.finishedAt: must be string$/,
    why: 'Null while a task is under way, in the example of GET /tasks; the schema has no null.',
  },
  {
    fault: /^\S+ \/invites\S* 20[01] data(\.items\.\d+)?\.linkedAt: must be string$/,
    why: 'Null until an account is linked (reference page "Invites"); the schema has no null.',
  },
  {
    fault: /^\S+ \/(archives|uploads)\S* 200 data(\.items\.\d+)?\.type: must be string$/,
    why: 'Required, and yet nobody has to say what kind of document an archive is: null where nobody did.',
  },
  {
    fault:
      /\bpayload\.(identity|rating|documents|incomes|transactions|employments|contributions|liabilities|eincomes|links|insight): must be object$/,
    why: 'Members of a payload are null where there is nothing of the kind; the schema has no null.',
  },
  {
    fault: /\bpayload\.\w+\.nextCursor: must be string$/,
    why: 'Null on the last page, as everywhere else.',
  },
  {
    fault: /\bforms\.\d+\.name: must be string$/,
    why: 'A form may have no name: null in `Form`, which the payload of a session forgets.',
  },
  {
    fault: /^(TaskFinishedEvent|AccountSyncTaskFinishedEvent) data\.payload: must be object$/,
    why: 'Null where the webhook did not ask for it; "empty", says the guide, and no schema has the word.',
  },
  {
    fault: /^TaskFinishedEvent data\.errorCode: must be string$/,
    why: 'Null unless the task failed; the schema has no null.',
  },
  {
    fault: /^TaskFinishedEvent data: must have required property 'data'$/,
    why: 'A slip: `data` is required inside of `data`, is no property there, and stands in no example.',
  },
];

/** The faults that are on no list. */
export function unintended(faults: string[]): string[] {
  return faults.filter((line) => !DIFFERENCES.some(({ fault }) => fault.test(line)));
}
