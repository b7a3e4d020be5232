import type { WidgetArchive } from './api.ts';

/** What callbacks say of an account (Smile, Account Linking). */
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

/** The names of `onUIEvent`, all that Smile publishes (Account Linking). */
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

/** What a Wink template, or the page itself, may choose about a widget. */
export interface Choices {
  primaryColor?: string;
  companyName?: string;
  topProviders: string[];
  /** Only these; none named means all. */
  providers: string[];
  providerTypes: string[];
  fileTypes: string[];
  enableSearchBar: boolean;
  enableTypeBar: boolean;
  enableUpload: boolean;
  enableConsentPage: boolean;
  /** Asks for the employer of whoever cannot find theirs. */
  enableSurvey: boolean;
  enableSampleModel: boolean;
}

/** The constructor's options: those of Smile's documentation, and those of its earlier editions. Others are ignored. */
export interface Options extends Partial<Choices> {
  userToken: string;
  templateId?: string;
  onAccountCreated?(account: AccountRef): void;
  onAccountConnected?(account: AccountRef): void;
  onAccountRemoved?(account: AccountRef): void;
  onAccountError?(account: AccountRef & { errorCode: string }): void;
  /** The argument goes on with a new token; early samples had one, nobody needs to use it. */
  onTokenExpired?(updateToken: (userToken: string) => void): void;
  onClose?(close: { reason: CloseReason }): void;
  onUploadsCreated?(uploads: { uploads: WidgetArchive[]; userId: string }): void;
  onUploadsRemoved?(uploads: { uploads: WidgetArchive[]; userId: string }): void;
  onUIEvent?(event: UIEvent): void;
  /** Taken and ignored: the token says where to go. */
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
 * What a widget goes by: the page's options, else its template's, else the defaults of Smile's earlier documentation.
 * A widget with a template takes documents too unless the template says otherwise, since templates are where that is
 * chosen today; that goes for a template which is not known here as well.
 */
export function choices(options: Options, template: Record<string, unknown> | null): Choices {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const withTemplate = !options.templateId ? {} : { enableUpload: true, ...template };
  return { ...defaults, ...withTemplate, ...Object.fromEntries(given) };
}
