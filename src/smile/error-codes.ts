/**
 * The account error codes, and whether the person can do something about it and try again. The same codes come with
 * `onAccountError`, `ACCOUNT_FAILED` and an account's `connection` (Smile, Account Linking).
 */
export const accountErrors = {
  ACCOUNT_DISABLED: { retry: false },
  ACCOUNT_INACCESSIBLE: { retry: false },
  ACCOUNT_INCOMPLETE: { retry: false },
  ACCOUNT_LOCKED: { retry: false },
  AUTH_REQUIRED: { retry: true },
  EXPIRED_CREDENTIALS: { retry: true },
  INVALID_ACCOUNT_TYPE: { retry: false },
  INVALID_AUTH: { retry: false },
  INVALID_CREDENTIALS: { retry: true },
  INVALID_MFA: { retry: true },
  MFA_TIMEOUT: { retry: true },
  SERVICE_UNAVAILABLE: { retry: true },
  SYSTEM_ERROR: { retry: false },
  TOS_REQUIRED: { retry: true },
  UNSUPPORTED_AUTH_TYPE: { retry: false },
  UNSUPPORTED_MFA_METHOD: { retry: false },
} as const;

export type AccountErrorCode = keyof typeof accountErrors;

/** Whether trying again can help. Of a code Smile has added since, it may: a useless retry costs less than a dead end. */
export function canRetry(code: string): boolean {
  return Object.hasOwn(accountErrors, code) ? accountErrors[code as AccountErrorCode].retry : true;
}
