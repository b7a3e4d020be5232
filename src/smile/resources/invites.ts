/**
 * Mails in which Smile invites people to link an account, and their templates (Smile, Invites and Invite Templates).
 */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, openEnum } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';
import type { ListLimit } from './filters.ts';

const text = z.string();
const status = openEnum<
  'INVITED' | 'EMAIL_OPENED' | 'LANDING_PAGE_OPENED' | 'WINK_WIDGET_OPENED' | 'LINKED' | 'REVOKED'
>();

const inviteSchema = shape('invite', {
  needed: { id: smileIdSchema, userId: smileIdSchema, status },
  documented: {
    fullName: text,
    email: text,
    templateId: text,
    createdAt: moment,
    updatedAt: moment,
    invitedAt: moment,
    linkedAt: moment,
  },
  optional: { firstName: text, lastName: text, winkTemplateId: text, inviteLandingPageUrl: text },
});
export type SmileInvite = z.output<typeof inviteSchema>;

const logSchema = shape('invite.log', {
  needed: { inviteStatus: status },
  documented: { id: text, inviteId: text, userId: text, createdAt: moment },
});

const page = { header: text, description: text, button: text };
const templateSchema = shape('inviteTemplate', {
  needed: { id: smileIdSchema },
  documented: {
    name: text,
    company: shape('inviteTemplate.company', { documented: { name: text, logoUrl: text } }),
    email: shape('inviteTemplate.email', {
      documented: { sendEmail: z.boolean(), senderName: text, replyAddress: text, subject: text, body: text },
    }),
    landingPage: shape('inviteTemplate.landingPage', { documented: page }),
    successPage: shape('inviteTemplate.successPage', { documented: page }),
  },
});
export type SmileInviteTemplate = z.output<typeof templateSchema>;

export interface NewInvite {
  fullName: string;
  email: string;
  /** Of the mail: `tpl-…`. */
  templateId: string;
  firstName?: string;
  lastName?: string;
  /** Of the widget: `wtpl-…`. */
  winkTemplateId?: string;
}

/** Texts may contain Smile's variables, like `${fullName}`, but no HTML. */
export interface NewInviteTemplate {
  /** Not shown to people. */
  name: string;
  company: { name: string; logoUrl: string };
  email: { sendEmail: true; senderName: string; replyAddress: string; subject: string; body: string };
  landingPage: { header: string; description: string; button: string };
  successPage: { header: string; description: string; button: string };
}

export function invites({ fetchData, find, list, remove }: SmileTransport) {
  return {
    /** Sends an invitation. Never retried after a timeout, when the mail may have been sent. */
    createInvite: (body: NewInvite): Promise<SmileInvite> =>
      fetchData({ method: 'POST', path: '/invites', body }, inviteSchema),
    listInvites: (filter: ListLimit = {}) => list('/invites', inviteSchema, { ...filter }),
    getInvite: (inviteId: string) => find('/invites/{id}', inviteId, inviteSchema),
    /** The changes of an invitation's status, one entry each. */
    listInviteLogs: (inviteId: string, filter: ListLimit = {}) =>
      list('/invites/{inviteId}/logs', logSchema, { ...filter }, inviteId),
    createInviteTemplate: (body: NewInviteTemplate): Promise<SmileInviteTemplate> =>
      fetchData({ method: 'POST', path: '/inviteTemplates', body }, templateSchema),
    listInviteTemplates: (filter: ListLimit = {}) => list('/inviteTemplates', templateSchema, { ...filter }),
    getInviteTemplate: (templateId: string) => find('/inviteTemplates/{id}', templateId, templateSchema),
    /** Replaces the complete template with `body`. */
    updateInviteTemplate: (templateId: string, body: NewInviteTemplate): Promise<SmileInviteTemplate> =>
      fetchData({ method: 'PUT', path: '/inviteTemplates/{id}', id: templateId, body }, templateSchema),
    deleteInviteTemplate: (templateId: string) => remove('/inviteTemplates/{id}', templateId),
  };
}
