import { randomBytes } from 'node:crypto';
import type { AccountErrorCode } from '../invented/account-errors.ts';
import { datapointNames, type DatapointName } from '../invented/datapoints.ts';
import type { LoggedEvent } from '../webhooks/events.ts';

export type Shape = Record<string, unknown>;

export type ConnectionStatus = 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED';
export type MonitorStatus = 'UNSUPPORTED' | 'ACTIVE' | 'USER_ACTION_REQUIRED' | 'CUSTOMER_DISABLED';

/** `User` of Smile's OpenAPI document; `providers` is derived from the accounts. */
export interface User {
  id: string;
  externalMetadata: Record<string, string> | null;
  createdAt: string;
  session: WinkSession;
}

/** `UserSession` of Smile's OpenAPI document. Its data carries its id (`wss-…`). */
export interface WinkSession {
  id: string;
  channel: 'Default' | 'WinkSite';
  channelId: string | null;
  status: 'IN_PROGRESS' | 'COMPLETED' | 'REVOKED';
}

/** One user's connection to one provider: the values that Smile shows, and the provider's own state. */
export interface SandboxAccount {
  id: string;
  createdAt: string;
  providerId: string;
  userId: string;
  sessionId: string;
  status: ConnectionStatus;
  errorCode: AccountErrorCode | null;
  updatedAt: string;
  /** When it was last connected. Smile keeps its data for 60 days from then. */
  connectedAt: string | null;
  monitor: { status: MonitorStatus; updatedAt: string | null };
  loginName: string;
  /** The test person of the login; null until the provider has accepted one. */
  personName: string | null;
  /** How many more verification codes the provider accepts for this sign-in. */
  codesLeft: number;
  /** Whether the provider has credentials or a code that it has not answered. */
  checking: boolean;
  /** Cancels everything planned for the current attempt. */
  cancel: () => void;
}

/** `Task` of Smile's OpenAPI document. */
export interface Task {
  id: string;
  type: 'LINK_ACCOUNT' | 'UPDATE_ACCOUNT' | 'ANALYZE_ARCHIVE' | 'CLASSIFY_ARCHIVE';
  startedAt: string;
  finishedAt: string | null;
  status: 'Started' | 'Finished';
  datapoints: DatapointName[];
  metadata: Metadata;
}

/** `ObjectReferenceMetadata` of Smile's OpenAPI document. */
export interface Metadata {
  createdAt: string;
  itemCreatedAt: string;
  accountId?: string;
  sourceId: string;
  sourceType: 'ACCOUNT' | 'ARCHIVE';
  userId: string;
  providerId: string;
}

/** One piece of data of a source: a "payload" object of Smile's OpenAPI document, with its metadata. */
export type SandboxItem = { id: string; metadata: Metadata } & Shape;

export type FileFormat = 'PDF' | 'PNG' | 'JPG' | 'JPEG';

/** `RawFile` of Smile's OpenAPI document; `url` is built from `path` when it is shown. */
export interface RawFile {
  id: string;
  createdAt: string;
  name: string;
  subType: string | null;
  /** In kilobytes. */
  size: number;
  format: FileFormat;
  path: string;
}

/** `Archive` of Smile's OpenAPI document. */
export interface SandboxArchive {
  id: string;
  createdAt: string;
  userId: string;
  sessionId: string;
  providerId: 'user-provided' | 'tenant-provided';
  type: string | null;
  status: 'STARTED' | 'ANALYZED' | 'UNSUPPORTED' | 'ERROR' | 'REVOKED';
  errorCode: string | null;
  errorMessage: string | null;
  updatedAt: string;
  rawFiles: RawFile[];
  classification: string | null;
  /** The data read from it; null if it was only classified, or could not be read. */
  analysis: Shape | null;
  /** Cancels the running analysis. */
  cancel: () => void;
}

/** A file for download, deleted with its source. */
export interface SandboxFile {
  bytes: Uint8Array<ArrayBuffer>;
  mediaType: string;
  sourceId: string;
}

/** `Form` of Smile's OpenAPI document. */
export interface SandboxForm {
  id: string;
  createdAt: string;
  name: string | null;
  userId: string;
  winkSiteId: string;
  winkSiteSessionId: string;
  reference: string;
  data: Shape;
}

/** `Webhook` of Smile's OpenAPI document. */
export interface Webhook {
  id: string;
  createdAt: string;
  updatedAt: string;
  name: string;
  url: string;
  eventTypes: string[];
  active: boolean;
  includePayload: boolean;
  secret: string;
}

/** `ConsentTemplate` of Smile's OpenAPI document. */
export interface ConsentTemplate {
  id: string;
  createdAt: string;
  consentType: string;
  version: string;
  consentText: string;
  title?: string;
  consentMethod?: string;
}

/** `InviteTemplate` of Smile's OpenAPI document. */
export interface InviteTemplate {
  id: string;
  name: string;
  company: { name: string; logoUrl: string };
  email: { sendEmail: boolean; senderName: string; replyAddress: string; subject: string; body: string };
  landingPage: { header: string; description: string; button: string };
  successPage: { header: string; description: string; button: string };
}

export const inviteStatuses = [
  'INVITED',
  'EMAIL_OPENED',
  'LANDING_PAGE_OPENED',
  'WINK_WIDGET_OPENED',
  'LINKED',
  'REVOKED',
] as const;

export type InviteStatus = (typeof inviteStatuses)[number];

/** `Invite` of Smile's OpenAPI document, with the template at the time of sending. */
export interface SandboxInvite {
  id: string;
  createdAt: string;
  updatedAt: string;
  invitedAt: string;
  linkedAt: string | null;
  fullName: string;
  firstName?: string;
  lastName?: string;
  email: string;
  template: InviteTemplate;
  winkTemplateId?: string;
  userId: string;
  status: InviteStatus;
  /** The two secrets in the address of its landing page. */
  code: string;
  token: string;
}

/** `InviteLog` of Smile's OpenAPI document. */
export interface InviteLog {
  id: string;
  inviteId: string;
  inviteStatus: InviteStatus;
  userId: string;
  createdAt: string;
}

/** A mail that Smile would have sent. */
export interface SandboxMail {
  id: string;
  inviteId: string;
  sentAt: string;
  from: string;
  replyTo: string;
  to: string;
  subject: string;
  text: string;
  /** The landing page that the text links to. */
  url: string;
}

/** The look and choices of a widget in the Developer Portal. Smile publishes no schema; this one is ours. */
export interface WinkTemplate {
  id: string;
  name?: string;
  primaryColor?: string;
  companyName?: string;
  providers?: string[];
  topProviders?: string[];
  fileTypes?: string[];
  enableSearchBar?: boolean;
  enableTypeBar?: boolean;
  enableUpload?: boolean;
  enableConsentPage?: boolean;
  enableSurvey?: boolean;
}

/** An issued link token, by its id. */
export interface IssuedToken {
  userId: string;
  /** The first widget that used it. */
  openedBy: string | null;
  /** Whether it was ended early. */
  ended: boolean;
}

/** All state of local Smile, in memory. Maps keep the order of creation. */
export interface SandboxState {
  tokenSecret: string;
  tokens: Map<string, IssuedToken>;
  users: Map<string, User>;
  accounts: Map<string, SandboxAccount>;
  tasks: Map<string, Task>;
  items: Record<DatapointName, Map<string, SandboxItem>>;
  /** The same items by source and datapoint. */
  read: Map<string, Map<DatapointName, SandboxItem[]>>;
  archives: Map<string, SandboxArchive>;
  /** By the path of their address. */
  files: Map<string, SandboxFile>;
  forms: Map<string, SandboxForm>;
  webhooks: Map<string, Webhook>;
  consentTemplates: Map<string, ConsentTemplate>;
  inviteTemplates: Map<string, InviteTemplate>;
  invites: Map<string, SandboxInvite>;
  inviteLogs: Map<string, InviteLog>;
  outbox: Map<string, SandboxMail>;
  winkTemplates: Map<string, WinkTemplate>;
  events: LoggedEvent[];
}

/** A map that keeps its newest entries. */
class NewestMap<Value> extends Map<string, Value> {
  #maxSize: number;

  constructor(maxSize: number) {
    super();
    this.#maxSize = maxSize;
  }

  override set(key: string, value: Value): this {
    super.set(key, value);
    if (this.size > this.#maxSize) for (const oldest of this.keys()) if (this.delete(oldest)) break;
    return this;
  }
}

/** @param maxObjects how many objects of each kind stay. Without it, all */
export function emptyState(maxObjects = Infinity): SandboxState {
  const map = <Value>() => new NewestMap<Value>(maxObjects);
  return {
    tokenSecret: randomBytes(32).toString('base64'),
    tokens: map(),
    users: map(),
    accounts: map(),
    tasks: map(),
    items: Object.fromEntries(
      datapointNames.map((name) => [name, map<SandboxItem>()]),
    ) as unknown as SandboxState['items'],
    read: map(),
    archives: map(),
    files: map(),
    forms: map(),
    webhooks: map(),
    consentTemplates: map(),
    inviteTemplates: map(),
    invites: map(),
    inviteLogs: map(),
    outbox: map(),
    winkTemplates: map(),
    events: [],
  };
}

/** Clears all state in place, so that every reference to a part sees it empty. */
export function clearState(state: SandboxState): void {
  const { tokenSecret: _, items, events, ...maps } = state;
  for (const map of [...Object.values(maps), ...Object.values(items)]) map.clear();
  events.length = 0;
  state.tokenSecret = randomBytes(32).toString('base64');
}
