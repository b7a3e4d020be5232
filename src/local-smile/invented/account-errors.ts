/** The error codes of accounts, with their `errorMessage` (Smile, `AccountErrorCode`). */
export const accountErrors = {
  ACCOUNT_DISABLED: 'Account is disabled',
  ACCOUNT_INACCESSIBLE: 'Account cannot be accessed',
  ACCOUNT_INCOMPLETE: 'Account is not fully set up',
  ACCOUNT_LOCKED: 'Account is locked',
  AUTH_REQUIRED: 'No credentials reached the provider',
  EXPIRED_CREDENTIALS: 'Credentials have expired',
  INVALID_ACCOUNT_TYPE: 'This kind of account cannot be used',
  INVALID_AUTH: 'Authentication process failed',
  INVALID_CREDENTIALS: 'Invalid username or password!',
  INVALID_MFA: 'Invalid verification code!',
  MFA_TIMEOUT: 'Verification code was not supplied in time',
  SERVICE_UNAVAILABLE: 'Provider is unavailable',
  SYSTEM_ERROR: 'Unexpected error',
  TOS_REQUIRED: 'Terms of the provider are not accepted',
  UNSUPPORTED_AUTH_TYPE: 'Authentication type is not supported',
  UNSUPPORTED_MFA_METHOD: 'Second factor is not supported',
} as const;

export type AccountErrorCode = keyof typeof accountErrors;

/** The code in a user name like `err:ACCOUNT_LOCKED`. Only local Smile has this convention. */
export function errorForUserName(userName: string): AccountErrorCode | undefined {
  const code = /^err:([A-Z_]+)$/.exec(userName.trim())?.[1];
  return code && code in accountErrors ? (code as AccountErrorCode) : undefined;
}
