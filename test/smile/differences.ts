/**
 * Where reality, or what we take for it, is not what Smile's OpenAPI document says: on purpose, each with its reason.
 * Both sides of the contract are held to this one list, our client and local Smile.
 */
export interface Difference {
  /** The line of the fault, as the contract tells it. */
  fault: RegExp;
  why: string;
}

export const DIFFERENCES: Difference[] = [
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
    fault: /^\S+ \S+ 200 data(\.items\.\d+)?\.data\.\w+: must be object$/,
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
];

/** The faults that are on no list. */
export function unintended(faults: string[]): string[] {
  return faults.filter((line) => !DIFFERENCES.some(({ fault }) => fault.test(line)));
}
