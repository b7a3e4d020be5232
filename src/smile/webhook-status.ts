/** The status of an account that each type of webhook reports, in Smile's words. */
export const STATUS_BY_WEBHOOK: Partial<Record<string, 'PENDING' | 'CONNECTED' | 'DISCONNECTED' | 'ERROR'>> = {
  ACCOUNT_CREATED: 'PENDING',
  ACCOUNT_CONNECTED: 'CONNECTED',
  ACCOUNT_FAILED: 'ERROR',
  ACCOUNT_DISCONNECTED: 'DISCONNECTED',
};
