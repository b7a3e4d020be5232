/** The answers for the page of a form. `contract/api.ts` has their types. */
import { z } from 'zod';
import type {
  Challenge,
  FileList,
  InvitedSubmission,
  LinkedAccounts,
  LinkToken,
  OpenedInvitation,
  ResumedSubmission,
  SavedScreen,
  StartedSubmission,
  StoredEvents,
  SubmittedForm,
  UploadedFile,
  VersionStatus,
} from '../../contract/api.ts';
import { WINK_STATES } from '../../form/runtime/wink.ts';
import type { ReceivedWebhook } from '../../respond/smile/webhook.ts';
import { answerOf, answers, count, params, isoTime } from './answer.ts';

const token = () => z.string().describe('Gives access to this submission. Send it as Authorization: Bearer …');
const language = () => z.string().describe('A language of the form, such as en');

export const startedSubmissionAnswer = answerOf<StartedSubmission>('StartedSubmission', () => ({
  id: z.string(),
  token: token(),
  version: z.string(),
  language: language(),
  expiresAt: isoTime().describe('The time after which the token is refused'),
}));

export const versionStatusAnswer = answerOf<VersionStatus>('VersionStatus', () => ({ startable: z.boolean() }));

export const challengeAnswer = answerOf<Challenge>('Challenge', () => ({
  algorithm: z.string(),
  challenge: z.string(),
  salt: z.string(),
  signature: z.string(),
  maxnumber: z.int().optional(),
}));

export const savedScreenAnswer = answerOf<SavedScreen>('SavedScreen', () => ({
  next: z.union([z.object({ screen: z.string() }), z.object({ ending: z.string() })]).describe('The next step'),
  state: z.string().optional().describe('The state of a Wink screen'),
  revision: z.int().min(1).describe('The revision of the answers after this save'),
}));

export const submittedFormAnswer = answerOf<SubmittedForm>('SubmittedForm', () => ({
  reference: z.string().describe('The code that the person gets, such as KP4 TW7 HX'),
  submittedAt: isoTime(),
  ending: z
    .object({
      id: z.string(),
      title: z.string(),
      text: z.string().optional(),
      redirect: z.string().optional(),
    })
    .describe('Plain texts with answers in them. Escape them where you show them'),
}));

export const resumedSubmissionAnswer = answerOf<ResumedSubmission>('ResumedSubmission', () => ({
  form: z.string(),
  version: z.string(),
  language: language(),
  answers: answers(),
  params: params(),
  passed: z.array(z.string()).describe('The screens that are complete, in order'),
  revision: z.int().min(1).describe('Each save adds one'),
  ended: submittedFormAnswer().optional().describe('After the submit. The answer then has no answers'),
}));

export const linkTokenAnswer = answerOf<LinkToken>('LinkToken', () => ({
  accessToken: z.string(),
  expiresAt: isoTime(),
  mode: z.string(),
  templateId: z.string().optional(),
  userId: z.string(),
  sdk: z.string(),
}));

const state = () => z.enum(WINK_STATES);

export const linkedAccountsAnswer = answerOf<LinkedAccounts>('LinkedAccounts', () => ({
  accounts: z.array(
    z.object({
      accountId: z.string(),
      providerId: z.string(),
      provider: z.string().optional().describe('The name of the provider, once Smile has sent it'),
      status: z.string().describe("Smile's word, such as CONNECTED"),
      errorCode: z.string().optional().describe("With the status ERROR: one of Smile's account error codes"),
      confirmed: z.boolean().describe('Whether Smile confirmed the status. Without it, only the page claims it'),
      revoked: z.boolean().optional().describe('Flipsite has read the data and disconnects the account'),
      screen: z.string(),
      widget: count().describe('The position of the widget on the screen'),
    }),
  ),
  screens: z
    .record(z.string(), z.object({ state: state(), widgets: z.array(z.object({ state: state(), met: z.boolean() })) }))
    .describe('The state of each Wink screen and of its widgets, in order'),
}));

export const storedEventsAnswer = answerOf<StoredEvents>('StoredEvents', () => ({
  stored: count(),
  repeated: count(),
}));

const file = () => ({ id: z.string(), name: z.string(), type: z.string(), size: count().describe('In bytes') });

export const uploadedFileAnswer = answerOf<UploadedFile>('UploadedFile', file);

export const fileListAnswer = answerOf<FileList>('FileList', () => ({
  items: z.array(z.object({ ...file(), field: z.string() })),
}));

/** Of a file that is deleted. */
export const emptyAnswer = answerOf<object>('EmptyObject', () => ({}));

export const openedInvitationAnswer = answerOf<OpenedInvitation>('OpenedInvitation', () => ({
  status: z.enum(['open', 'begun', 'sent', 'over']),
  person: z.string().optional().describe('The invited person, such as Ana R, while the link can be used'),
  prefilled: z.boolean().optional().describe('Whether the form begins with answers that the person sees'),
}));

export const invitedSubmissionAnswer = answerOf<InvitedSubmission>('InvitedSubmission', () => ({
  id: z.string(),
  form: z.string(),
  token: token(),
  language: language(),
}));

export const receivedWebhookAnswer = answerOf<ReceivedWebhook>('ReceivedWebhook', () => ({
  stored: count(),
  repeated: count(),
  leftOut: count().optional().describe('Applied and not stored, because a limit is reached'),
}));
