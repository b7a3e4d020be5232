import { randomBytes } from 'node:crypto';
import { datapointNames, type DatapointName } from './datapoints.ts';

export type ConnectionStatus = 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED';

/** `User` and `UserSession` of Smile's OpenAPI document; `providers` is derived from the accounts. */
export interface User {
  id: string;
  externalMetadata: Record<string, string> | null;
  createdAt: string;
  sessionStatus: 'IN_PROGRESS' | 'COMPLETED' | 'REVOKED';
}

/** One user's connection to one provider: what Smile shows of it, and what the provider is doing meanwhile. */
export interface Account {
  id: string;
  createdAt: string;
  providerId: string;
  userId: string;
  status: ConnectionStatus;
  errorCode: string | null;
  errorMessage: string | null;
  updatedAt: string;
  loginName: string;
  /** The test person behind the login; none until the provider has accepted one. */
  personName: string | null;
  /** Whether the provider has something to decide: it holds credentials or a code it has not answered yet. */
  checking: boolean;
  /** Calls off whatever is still to happen to the present attempt. */
  cancel: () => void;
}

/** `Task` of Smile's OpenAPI document. */
export interface Task {
  id: string;
  type: 'LINK_ACCOUNT';
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
  accountId: string;
  sourceId: string;
  sourceType: 'ACCOUNT';
  userId: string;
  providerId: string;
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

/** One piece of data read from an account: a "payload" object of Smile's OpenAPI document, with its metadata. */
export type Item = { id: string; metadata: Metadata } & Record<string, unknown>;

/** Everything Local Smile remembers, in memory. Maps keep the order of creation. */
export interface State {
  tokenSecret: string;
  users: Map<string, User>;
  accounts: Map<string, Account>;
  tasks: Map<string, Task>;
  webhooks: Map<string, Webhook>;
  items: Record<DatapointName, Map<string, Item>>;
  /** Token id → the widget that opened it first. */
  openedTokens: Map<string, string>;
}

export function emptyState(): State {
  return {
    tokenSecret: randomBytes(32).toString('base64'),
    users: new Map(),
    accounts: new Map(),
    tasks: new Map(),
    webhooks: new Map(),
    items: Object.fromEntries(datapointNames.map((name) => [name, new Map()])) as State['items'],
    openedTokens: new Map(),
  };
}
