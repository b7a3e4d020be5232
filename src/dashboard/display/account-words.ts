/** Smile's statuses and errors of accounts, in plain words. One that is not here is shown as it is. */
import type { ACCOUNT_ERRORS } from '../../record/accounts/error-codes.ts';

/** In the order of `ACCOUNT_ERRORS`. */
const errors: Record<(typeof ACCOUNT_ERRORS)[number], string> = {
  ACCOUNT_DISABLED: 'The provider says that the account is disabled',
  ACCOUNT_INACCESSIBLE: 'The provider says that the account cannot be accessed',
  ACCOUNT_INCOMPLETE: 'The account is not fully set up at the provider',
  ACCOUNT_LOCKED: 'The account is locked at the provider',
  AUTH_REQUIRED: 'No user name or password reached the provider',
  EXPIRED_CREDENTIALS: 'The user name or password has expired at the provider',
  INVALID_ACCOUNT_TYPE: 'This kind of account cannot be read',
  INVALID_AUTH: 'The sign-in at the provider failed. Ask Smile’s support',
  INVALID_CREDENTIALS: 'The provider did not accept the user name or password',
  INVALID_MFA: 'The provider did not accept the verification code',
  MFA_TIMEOUT: 'The verification code did not come in time',
  SERVICE_UNAVAILABLE: 'The provider was not available',
  SYSTEM_ERROR: 'Smile had an error. Ask Smile’s support',
  TOS_REQUIRED: 'The provider’s terms have not been accepted yet',
  UNSUPPORTED_AUTH_TYPE: 'Smile does not support this way to sign in. Ask Smile’s support',
  UNSUPPORTED_MFA_METHOD: 'Smile does not support this kind of verification. Ask Smile’s support',
};

export const accountErrorInWords = (code: string): string =>
  Object.hasOwn(errors, code) ? errors[code as keyof typeof errors] : code;

export type Tone = 'ok' | 'warn' | 'bad';
export type StateLabel = { icon: string; word: string; tone?: Tone };

const states = new Map<string, StateLabel>([
  ['PENDING', { icon: 'half', word: 'Signing in' }],
  ['AWAITING_MFA', { icon: 'key', word: 'Waiting for a code' }],
  ['ERROR', { icon: 'bad', word: 'Could not sign in', tone: 'bad' }],
  ['CONNECTED', { icon: 'ok', word: 'Connected', tone: 'ok' }],
  ['DISCONNECTED', { icon: 'dash', word: 'Disconnected' }],
]);

/** An account's connection status (Smile, Account Linking) as a word with a sign. */
export const statusInWords = (status: string): StateLabel => states.get(status) ?? { icon: 'half', word: status };

/** The same. It differs for a connection that only the browser claims, and for one that Flipsite ended after reading. */
export function stateLabelOf(account: { status: string; confirmed: boolean; revokedAt: string | null }): StateLabel {
  if (account.status === 'DISCONNECTED' && account.revokedAt) return { icon: 'ok', word: 'Read and disconnected', tone: 'ok' }; // prettier-ignore
  if (account.status !== 'CONNECTED' || account.confirmed) return statusInWords(account.status);
  return { icon: 'half', word: 'Not confirmed yet', tone: 'warn' };
}
