/** What callbacks say of an account (Smile, Account Linking). */
export interface AccountRef {
  accountId: string;
  userId: string;
  providerId: string;
}

export type CloseReason = 'close' | 'exit' | 'error';

export interface UIEvent {
  eventName: string;
  /** ISO 8601, UTC. */
  eventTime: string;
  mode: string;
  userId: string;
  account: { providerId: string; accountId?: string } | null;
  archive: { fileType: string } | null;
}

/** The constructor's options: those of Smile's documentation, and those of its earlier editions. Others are ignored. */
export interface Options {
  userToken: string;
  templateId?: string;
  onAccountCreated?(account: AccountRef): void;
  onAccountConnected?(account: AccountRef): void;
  onAccountRemoved?(account: AccountRef): void;
  onAccountError?(account: AccountRef & { errorCode: string }): void;
  /** The argument goes on with a new token; early samples had one, nobody needs to use it. */
  onTokenExpired?(updateToken: (userToken: string) => void): void;
  onClose?(close: { reason: CloseReason }): void;
  onUploadsCreated?(uploads: { uploads: unknown[]; userId: string }): void;
  onUploadsRemoved?(uploads: { uploads: unknown[]; userId: string }): void;
  onUIEvent?(event: UIEvent): void;
  /** Taken and ignored: the token says where to go. */
  apiHost?: string;
  topProviders?: string[];
  providers?: string[];
  providerTypes?: string[];
  enableSearchBar?: boolean;
  enableTypeBar?: boolean;
  enableUpload?: boolean;
  enableConsentPage?: boolean;
  enableSampleModel?: boolean;
  companyName?: string;
}
