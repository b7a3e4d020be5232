/** Bodies and answers of the API that cross between the server and the page. Types only. */
import type { Answers } from '../form/runtime/condition.ts';
import type { Next } from '../form/runtime/journey.ts';
import type { WinkState } from '../form/runtime/wink.ts';

/** The body of an error. A handler of the page branches on `code`, and shows `message`. */
export interface ErrorDetails {
  code: string;
  message: string;
  /** Sentences by field. */
  fields?: Record<string, string>;
  /** The screen that the sentences are about. */
  screen?: string;
  /** The place to continue at: a screen or an ending. */
  next?: { screen?: string; ending?: string };
  /** The reference of a submission that was submitted before, and the time of that; ISO 8601. */
  reference?: string;
  submittedAt?: string;
  /** Of an error of the server: the id of the request, with which support finds the error in the log. */
  requestId?: string;
  /** Of the text of a form: the place of each error, from 1, and how to fix it. */
  errors?: { line: number; column: number; message: string; fix?: string }[];
}

/** `POST /api/forms/{slug}/submissions` */
export interface StartRequest {
  version?: string | undefined;
  language?: string | undefined;
  /** The id of a campaign link of this form. `params.link` of the page is the same, and is left out where there is no such link. */
  link?: string | undefined;
  params?: Record<string, string> | undefined;
  /** The value of the field that people cannot see. */
  trap?: string | undefined;
  /** The solved challenge, where the form asks for a proof of work. Base64 of JSON. */
  proof?: string | undefined;
}

/** `POST /api/forms/{slug}/opened`: the page became visible. */
export interface OpenedRequest {
  /** The campaign link by which the person came. One that the form does not have counts as none. */
  link?: string | undefined;
  language: string;
  version: string;
}

/** `GET /api/forms/{slug}/versions/{version}` */
export interface VersionStatus {
  /** Whether people can start on this version. A version that the server does not have yet counts as one. */
  startable: boolean;
}

export interface StartedSubmission {
  id: string;
  token: string;
  version: string;
  language: string;
  /** The time after which the token is refused; ISO 8601. */
  expiresAt: string;
}

/** `GET /api/forms/{slug}/challenge`: a proof of work (ALTCHA, version 1). */
export interface Challenge {
  algorithm: string;
  challenge: string;
  salt: string;
  signature: string;
  maxnumber?: number;
}

/** `PUT /api/submissions/{id}/answers` */
export interface SaveRequest {
  screen: string;
  answers: Record<string, unknown>;
}

export interface SavedScreen {
  next: Next;
  /** The state of a Wink screen. */
  state?: string;
  /** The revision of the answers after this save. See `ResumedSubmission`. */
  revision: number;
}

/** `GET /api/submissions/{id}/answers` */
export interface ResumedSubmission {
  form: string;
  version: string;
  language: string;
  answers: Answers;
  /** The parameters of the address at the start. */
  params: Record<string, string>;
  /** Screens that are complete, in order. */
  passed: string[];
  /** From 1. Each save adds one, so that a client that counts its own can tell whether another one has saved. */
  revision: number;
  ended?: SubmittedForm;
}

/** `POST /api/submissions/{id}/link-token` */
export interface LinkTokenRequest {
  screen: string;
  /** The position of the widget on the screen. 0 by default. */
  widget?: number | undefined;
}

export interface LinkToken {
  accessToken: string;
  /** ISO 8601. */
  expiresAt: string;
  mode: string;
  templateId?: string;
  userId: string;
  sdk: string;
}

/** One event of the page or the widget. */
export interface PageEvent {
  /** A UUID. An event is stored once under its id. */
  id: string;
  name: string;
  /** ISO 8601, by the clock of the page. */
  at: string;
  data: Record<string, unknown>;
}

/** `POST /api/submissions/{id}/events` */
export interface EventsRequest {
  events: PageEvent[];
}

export interface StoredEvents {
  stored: number;
  repeated: number;
}

/** `POST /api/submissions/{id}/submit` */
export interface SubmitRequest {
  /** How long ago the page was first opened, in ms. Answers may have waited on the device for the network. */
  openMs?: number | undefined;
  /** That of the answers that the person has seen. If it is old, the error is `answers_changed`. Without it, none is. */
  revision?: number | undefined;
}

export interface SubmittedForm {
  reference: string;
  /** ISO 8601. */
  submittedAt: string;
  /** Plain texts with answers in them. Escape them where they are shown. */
  ending: { id: string; title: string; text?: string; redirect?: string };
}

/** `GET /api/submissions/{id}/accounts`, and the answer to a disconnected account. */
export interface LinkedAccounts {
  accounts: {
    accountId: string;
    providerId: string;
    /** The name of the provider, once Smile has sent it. */
    provider?: string;
    /** In Smile's words. */
    status: string;
    /** With the status `ERROR`: one of Smile's account error codes. */
    errorCode?: string;
    /** Whether Smile confirmed the status. Without it, only the page claims it. */
    confirmed: boolean;
    /** Flipsite has read its data and disconnects it, or has done so. It counts as connected. */
    revoked?: boolean;
    screen: string;
    widget: number;
  }[];
  /** The state of each Wink screen and of its widgets, in order. */
  screens: Record<string, { state: WinkState; widgets: { state: WinkState; met: boolean }[] }>;
}

/** `POST /api/submissions/{id}/files` */
export interface UploadedFile {
  id: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
}

/** `GET /api/submissions/{id}/files` */
export interface FileList {
  items: (UploadedFile & { field: string })[];
}

/** `open`: it can be started. `begun`: it can be continued. `sent`: it was submitted. `over`: it expired, or was withdrawn or deleted. */
export type InvitationStatus = 'open' | 'begun' | 'sent' | 'over';

/** `POST /api/invitations/{id}/open` */
export interface OpenedInvitation {
  status: InvitationStatus;
  /** The invited person, such as `Ana R`, while the link can start or continue a submission. */
  person?: string;
  /** Whether the form begins with answers that the person sees, while the link can start a submission. */
  prefilled?: boolean;
}

/** `POST /api/invitations/{id}/begin` */
export interface InvitedSubmission {
  id: string;
  /** The slug of its form. */
  form: string;
  token: string;
  language: string;
}
