/** The answers for programs that make campaign links and publish forms. */
import { z } from 'zod';
import { linkSchema } from '../../form/settings/links.ts';
import type { VisitorClass } from '../../record/links/clicks.ts';
import { answerOf, count, named, isoTime } from './answer.ts';

const clicks = answerOf<Record<VisitorClass, number>>('Clicks', () => ({
  person: count().describe('Each address and browser once a day'),
  repeat: count().describe('The same address and browser again, on the same day'),
  preview: count().describe('A network or a browser that loads the link before anyone chooses it'),
  robot: count(),
  member: count().describe('A person who uses the dashboard'),
}));

export const linkAnswer = named('Link', () =>
  z.object({
    ...linkSchema.shape,
    params: z.record(z.string(), z.string()).optional(),
    path: z.string().describe('The address without its host, such as /go/fb-nov'),
    state: z
      .enum(['open', 'paused', 'closed', 'full'])
      .describe('paused: a member or a program closed it. closed: its last day is over'),
    madeIn: z.enum(['text', 'share']).describe('In the text of the form, or in the dashboard or by a program'),
    place: z.string().describe('Where the link is published. Empty if unknown'),
    createdAt: isoTime().nullable().describe('null for a link in the text of the form'),
    clicks: clicks(),
  }),
);

export const linkListAnswer = named('LinkList', () => z.object({ items: z.array(linkAnswer()) }));

export const publishedFormAnswer = named('PublishedForm', () =>
  z.object({
    version: z.string(),
    number: z.int().min(1).optional().describe('The number of the publication. Absent with dry_run'),
    changes: z.array(z.string()).describe('The changes in sentences'),
    unchanged: z
      .boolean()
      .optional()
      .describe('true if the text was live already, so that nothing was published. Otherwise absent'),
    rehearsal: z.array(z.string()).optional().describe('With dry_run: where the stored submissions would end'),
  }),
);
