import type { SiteLimit } from './site-limit.ts';

/** Bounds on guesses: passwords, codes and tokens. */
export const ACCESS_LIMITS = {
  guessesBeforeWait: {
    value: 5,
    unit: 'items',
    counts: 'Wrong passwords or codes of one address, or of one known device, before it has to wait',
    answer: '429 with Retry-After',
    reason: 'People mistype a few times.',
  },
  firstGuessWaitMs: {
    value: 10_000,
    unit: 'milliseconds',
    counts: 'The first such wait; each further wrong one doubles it',
    answer: '429 with Retry-After',
    reason: 'A person hardly notices it, and a program can no longer guess fast.',
  },
  longestGuessWaitMs: {
    value: 900_000,
    unit: 'milliseconds',
    counts: 'The longest such wait',
    answer: '429 with Retry-After',
    reason: 'One address can try 96 passwords a day. An IPv6 network gets its attempts back in this time, one by one.',
  },
  guessersRemembered: {
    value: 10_000,
    unit: 'items',
    counts: 'Addresses, devices and accounts whose wrong passwords are counted',
    answer: 'Flipsite forgets the one with the oldest try',
    reason: 'It takes about 4 MB. The limits on hashes and on accounts stop guesses from more addresses.',
  },
  signInsFromNewDevices: {
    value: 1_000,
    unit: 'items',
    counts: 'Wrong passwords a day for one email, from all devices that have not signed in to it',
    answer: '429 with Retry-After',
    reason:
      'A new password withstands a million guesses, so this is about three years. Known devices and codes are not counted.',
  },
  signInsFromNewDevicesOfNetwork: {
    value: 100,
    unit: 'items',
    counts: 'The same, from one address. An IPv6 address counts as its /48',
    answer: '429 with Retry-After',
    reason: 'Otherwise one IPv6 network could use up all of them, and keep the member out on new devices.',
  },
  setupCodesPerMinute: {
    value: 60,
    unit: 'items',
    counts: 'Wrong setup codes a minute, from all addresses together',
    answer: '429 with Retry-After',
    reason: 'One person sets up a site once.',
  },
  refusedSignInsInLogPerMinute: {
    value: 60,
    unit: 'items',
    counts: 'Lines a minute in the log of each server about refused sign-ins, setups and codes',
    answer: 'Only `flipsite_sign_ins_refused_total` in `/metrics` counts further ones',
    reason: 'Anyone can cause a line of 200 bytes with each request, and lines without a limit fill a disk.',
  },
  firstFormPasswordsPerMinute: {
    value: 600,
    unit: 'items',
    counts:
      'Wrong passwords a minute for one form, from all addresses together: the first five of each in an hour. An IPv6 address counts as its /48',
    answer: '429 with Retry-After',
    reason:
      'Right ones wait for it too, so few addresses must not use it up. So many hashes take half of one processor.',
  },
  formPasswordsPerMinute: {
    value: 60,
    unit: 'items',
    counts: 'The same, of all further ones',
    answer: '429 with Retry-After',
    reason: 'Most of these are guesses. The next try fits within a second.',
  },
  memberHashesAtOnce: {
    value: 1,
    unit: 'items',
    counts:
      'Passwords of members that are hashed at once. Known devices and right codes have one such limit, and all others another',
    answer: 'The next one waits',
    reason: 'One hash takes 128 MB and most of a second of one processor.',
  },
  memberHashesWaiting: {
    value: 4,
    unit: 'items',
    counts:
      'Sign-ins that wait for their hash. Known devices and right codes have one such limit, and all others another',
    answer: '503 with Retry-After',
    reason: 'The last one gets its answer within a few seconds.',
  },
  memberHashesPerAddress: {
    value: 2,
    unit: 'items',
    counts: 'Sign-ins of one address that wait for their hash or run. An IPv6 address counts as its /48',
    answer: '503 with Retry-After',
    reason: 'A refused sign-in does not count as a guess, so one address could keep all others out of the queue.',
  },
  formHashesAtOnce: {
    value: 2,
    unit: 'items',
    counts: 'Passwords of forms that are hashed at once',
    answer: 'The next one waits',
    reason: 'One hash takes 16 MB and some 50 milliseconds of one processor.',
  },
  formHashesWaiting: {
    value: 30,
    unit: 'items',
    counts: 'Entered passwords of forms that wait for their hash',
    answer: '503 with Retry-After',
    reason: 'The last one gets its answer within a few seconds.',
  },
  passwordCharacters: {
    value: 200,
    unit: 'characters',
    counts: 'Password of a member',
    answer: '422',
    reason: 'A password manager writes fewer.',
  },
  formPasswordCharacters: {
    value: 1_000,
    unit: 'characters',
    counts: 'Entered password of a form',
    answer: '422, since Flipsite reads only the beginning',
    reason: 'No form has a longer one.',
  },
  proofCharacters: {
    value: 2_000,
    unit: 'characters',
    counts: 'Proof of work that a submission begins with',
    answer: '400 invalid_request',
    reason: 'A proof has about 400 characters.',
  },
  proofLifetimeMs: {
    value: 1_200_000,
    unit: 'milliseconds',
    counts: 'Time from asking for a proof of work to using it',
    answer: '201, and the submission goes to quarantine',
    reason: 'A slow phone on a slow network solves it within a minute. A used proof has to be remembered this long.',
  },
} as const satisfies Record<string, SiteLimit>;
