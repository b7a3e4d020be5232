/** The status of an account that each of the widget's callbacks reports, in Smile's words. No other code, because the page's script bundles it. */
export const STATUS_BY_CALLBACK: Partial<Record<string, 'PENDING' | 'CONNECTED' | 'DISCONNECTED' | 'ERROR'>> = {
  onAccountCreated: 'PENDING',
  onAccountConnected: 'CONNECTED',
  onAccountRemoved: 'DISCONNECTED',
  onAccountError: 'ERROR',
};
