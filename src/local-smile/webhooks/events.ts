import { newSandboxId, timestamp } from '../store/ids.ts';
import type { Shape } from '../store/state.ts';

/** `RefWebhookEventType` of Smile's OpenAPI document. */
export const eventTypes = [
  'USER_CREATED',
  'ACCOUNT_CREATED',
  'ACCOUNT_CONNECTED',
  'ACCOUNT_DISCONNECTED',
  'ACCOUNT_FAILED',
  'TASK_STARTED',
  'TASK_FINISHED',
  'ACCOUNT_SYNC_TASK_FINISHED',
  'ARCHIVE_STARTED',
  'ARCHIVE_ANALYZED',
  'ARCHIVE_REVOKED',
  'ARCHIVE_FAILED',
  'INVITE_INVITED',
  'INVITE_LINKED',
  'IDENTITY_ADDED',
  'RATING_ADDED',
  'TRANSACTIONS_ADDED',
  'DOCUMENTS_ADDED',
  'DOCUMENTS_UPDATED',
  'EMPLOYMENTS_ADDED',
  'EMPLOYMENTS_UPDATED',
  'INCOMES_ADDED',
  'INCOMES_UPDATED',
  'CONTRIBUTIONS_ADDED',
  'CONTRIBUTIONS_UPDATED',
  'EINCOMES_ADDED',
  'EINCOMES_UPDATED',
  'LIABILITIES_ADDED',
  'LIABILITIES_UPDATED',
  'INSIGHT_ADDED',
  'LINK_ADDED',
  'VERIFICATION_STARTED',
  'VERIFICATION_COMPLETED',
  'RECORD_CREATED',
  'RECORD_COMPLETED',
  'USER_SESSION_COMPLETED',
  'USER_SESSION_RESET',
  'ALL_EVENTS',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Events with a `payload` only if a webhook asks for it with `includePayload`. */
export const typesWithPayload: readonly EventType[] = ['TASK_FINISHED', 'ACCOUNT_SYNC_TASK_FINISHED'];

export interface Event {
  id: string;
  version: 1;
  type: EventType;
  createdAt: string;
  data: Shape;
}

export function newEvent(type: EventType, data: Shape, at: Date): Event {
  return { id: newSandboxId('et'), version: 1, type, createdAt: timestamp(at), data };
}

/** The delivery of an event to one webhook. */
export interface LoggedDelivery {
  webhookId: string;
  url: string;
  /** Not sent on purpose (the setting `webhookDrop`). */
  dropped?: true;
  /** The receiver's status, or the reason without an answer; one entry for each attempt. */
  attempts: { at: string; status: number | null; error?: string }[];
}

export interface LoggedEvent {
  event: Event;
  userId: string;
  deliveries: LoggedDelivery[];
}

/** Examples of events of products that local Smile does not have (Smile's OpenAPI document). */
export const foreignExamples: Partial<Record<EventType, Shape>> = {
  VERIFICATION_STARTED: { verificationId: 'verification-123abc456def789abc123def456abc78' },
  VERIFICATION_COMPLETED: {
    verificationId: 'verification-123abc456def789abc123def456abc78',
    resultCode: 'SUCCESS',
    resultMessage: 'Success',
    result: { finalMatches: true, names: { firstNameMatches: true, lastNameMatches: true } },
  },
  RECORD_CREATED: { recordId: 'ss-123abc456def789abc123def456abc78', recordType: 'SOCIAL_SECURITY' },
  RECORD_COMPLETED: {
    recordId: 'ss-123abc456def789abc123def456abc78',
    recordType: 'SOCIAL_SECURITY',
    status: 'COMPLETED',
    resultCode: 'SUCCESS',
    resultMessage: 'Success',
  },
};
