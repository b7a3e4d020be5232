import type { WidgetArchive } from './api.ts';

/** The account in callbacks (Smile, Account Linking). */
export interface AccountRef {
  accountId: string;
  userId: string;
  providerId: string;
}

export type CloseReason = 'close' | 'exit' | 'error';

export interface UIEvent {
  eventName: EventName;
  /** ISO 8601, UTC. */
  eventTime: string;
  mode: string;
  userId: string;
  account: { providerId: string; accountId?: string } | null;
  archive: { fileType: string } | null;
}

/** The names of `onUIEvent` that Smile publishes (Account Linking). */
export type EventName =
  | 'ConsentPageOpened'
  | 'ProviderListPageOpened'
  | 'LoginPageOpened'
  | 'LoginOptionsPageOpened'
  | 'MfaPageOpened'
  | 'ConnectSuccessPageOpened'
  | 'AccountRevokePageOpened'
  | 'EmployerSurveyPageOpened'
  | 'FileTypeListPageOpened'
  | 'FileTypePageOpened'
  | 'ArchiveSuccessPageOpened'
  | 'RevokeArchivePageOpened';

/** Options that a Wink template or the page can set. */
export interface Choices {
  primaryColor?: string;
  companyName?: string;
  topProviders: string[];
  /** Only these providers; an empty list means all. */
  providers: string[];
  providerTypes: string[];
  fileTypes: string[];
  enableSearchBar: boolean;
  enableTypeBar: boolean;
  enableUpload: boolean;
  enableConsentPage: boolean;
  /** Asks for the name of a missing employer. */
  enableSurvey: boolean;
  enableSampleModel: boolean;
}

/** The constructor's options, of Smile's documentation and its earlier editions. Others are ignored. */
export interface Options extends Partial<Choices> {
  userToken: string;
  templateId?: string;
  onAccountCreated?(account: AccountRef): void;
  onAccountConnected?(account: AccountRef): void;
  onAccountRemoved?(account: AccountRef): void;
  onAccountError?(account: AccountRef & { errorCode: string }): void;
  /** The argument continues with a new token. Early samples had it, and no page has to use it. */
  onTokenExpired?(updateToken: (userToken: string) => void): void;
  onClose?(close: { reason: CloseReason }): void;
  onUploadsCreated?(uploads: { uploads: WidgetArchive[]; userId: string }): void;
  onUploadsRemoved?(uploads: { uploads: WidgetArchive[]; userId: string }): void;
  onUIEvent?(event: UIEvent): void;
  /** Accepted and ignored: the token has the address. */
  apiHost?: string;
}

const defaults: Choices = {
  topProviders: [],
  providers: [],
  providerTypes: [],
  fileTypes: [],
  enableSearchBar: true,
  enableTypeBar: true,
  enableUpload: false,
  enableConsentPage: true,
  enableSurvey: false,
  enableSampleModel: false,
};

/**
 * The effective choices: the page's options, else its template's, else the defaults of Smile's earlier documentation. A
 * widget with a template accepts documents unless the template says otherwise, since templates are where that is set
 * today. This also holds for a template that is unknown here.
 */
export function choices(options: Options, template: Record<string, unknown> | null): Choices {
  const chosen = Object.entries(options).filter(([, value]) => value !== undefined);
  const withTemplate = !options.templateId ? {} : { enableUpload: true, ...template };
  return { ...defaults, ...withTemplate, ...Object.fromEntries(chosen) };
}
