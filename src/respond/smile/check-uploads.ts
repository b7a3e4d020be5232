/** Asking Smile about the documents that a person has given, and keeping what a form wants to have of them. */
import { keepsUploads, takesUploads } from '../../form/retrieve.ts';
import type { Form } from '../../form/schema.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { listArchives, REVOKED, storeArchive, type Archive } from '../../record/accounts/archives.ts';

import { listEvents, type EventSource, type RecordedEvent } from '../../record/events.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { unlessRefused } from '../../smile/error.ts';
import type { SmileArchive } from '../../smile/resources/archives.ts';
import { recordServerEvent, type Services } from '../services.ts';
import { CHECKED, idsOf, UPLOAD_EVENTS, currentUploads } from './uploads.ts';
import { isOn } from './wink-state.ts';

/** By which Smile tells of documents (Smile, Event Notifications). */
export const ARCHIVE_TYPES = ['ARCHIVE_STARTED', 'ARCHIVE_ANALYZED', 'ARCHIVE_FAILED', 'ARCHIVE_REVOKED'];

/**
 * Asks Smile about a person's documents, where the form can have any or something has told of some, and records what is
 * news. Returns whether Smile is still reading one. Throws `SmileError`.
 */
export async function checkUploads(services: Services, submission: Submission, form: Form): Promise<boolean> {
  if (!submission.smileUserId) return false;
  if (!takesUploads(form) && !(await hearsOfUploads(services, submission))) return false;
  // Whoever may not ask for archives has only what the widget tells.
  const truth = await services.smile.listArchives({ userId: submission.smileUserId }).catch(unlessRefused(undefined));
  if (!truth) return false;
  await recordUploads(services, submission, form, truth.filter(({ userId }) => userId === submission.smileUserId)); // prettier-ignore
  return truth.some(({ state }) => state.status === 'STARTED');
}

/** Whether the widget or Smile has told of a document. */
const hearsOfUploads = async ({ db }: Services, submission: Submission): Promise<boolean> =>
  (await listEvents(db, submission, { names: [...UPLOAD_EVENTS, ...ARCHIVE_TYPES], sources: TELLERS, limit: 1 }))
    .length > 0;

const TELLERS: EventSource[] = ['widget', 'webhook', 'server'];

type Place = { screen: string; widget: number };

async function recordUploads(
  services: Services,
  submission: Submission,
  form: Form,
  truth: SmileArchive[],
): Promise<void> {
  const now = services.now();
  await services.db.transaction(async (db) => {
    const known = await listArchives(db, submission.id);
    const events = await listEvents(db, submission, {
      names: UPLOAD_EVENTS,
      sources: TELLERS,
      limit: SITE_LIMITS.eventsForDecision.value,
    });
    for (const place of placesOf(form)) {
      const here = truth.filter(({ id }) => isSame(placeOf(id, known, events, submission), place));
      const told = events.filter(({ data }) => isOn(place.screen, place.widget, data));
      const news = here.filter((archive) => isNews(archive, known, keepsUploads(form, place)));
      for (const archive of news) await storeArchive(db, reportOf(archive, submission, place, keepsUploads(form, place)), now); // prettier-ignore
      const before = currentUploads(told, submission.smileUserId);
      const after = here.filter(({ state }) => state.status !== REVOKED).map(({ id }) => id);
      if (!news.length && before.size === after.length && after.every((id) => before.has(id))) continue;
      const uploads = here.map(({ id, type, state }) => ({ id, status: state.status, ...(type && { type }), ...(state.errorCode && { errorCode: state.errorCode }) })); // prettier-ignore
      const untold = after.some((id) => !before.has(id)) && { untold: true };
      await recordServerEvent(db, submission, CHECKED, { ...place, uploads, ...untold }, now);
    }
  });
}

const placesOf = (form: Form): Place[] =>
  form.screens.flatMap(({ id, wink }) => widgetsOf(wink).map((_, widget) => ({ screen: id, widget })));

const isSame = (a: Place, b: Place): boolean => a.screen === b.screen && a.widget === b.widget;

/** Where the document was given: as we know it, as the widget told, or where the widget was opened last. */
function placeOf(id: string, known: Archive[], events: RecordedEvent[], { winkScreen, winkWidget }: Submission): Place {
  const before = known.find(({ archiveId }) => archiveId === id);
  if (before) return before;
  const claim = events.find(({ name, data }) => name === 'onUploadsCreated' && idsOf((data as { uploads?: unknown } | null)?.uploads).includes(id)); // prettier-ignore
  const { screen, widget = 0 } = (claim?.data ?? {}) as Partial<Place>;
  return screen === undefined ? { screen: winkScreen ?? '', widget: winkWidget } : { screen, widget };
}

function isNews({ id, type, state }: SmileArchive, known: Archive[], keep: boolean): boolean {
  const before = known.find(({ archiveId }) => archiveId === id);
  if (before?.status !== state.status || before.type !== (type ?? null)) return true;
  return keep && before.readAt === null && state.status !== REVOKED;
}

function reportOf(archive: SmileArchive, { id: submissionId }: Submission, place: Place, keep: boolean) {
  const { id: archiveId, type, state, rawFiles, classification, extraction, analysis, validation } = archive;
  // Without the addresses of the files: who has one needs no key to it, and it ends after 60 days.
  const files = rawFiles?.map(({ id, name, subType, size, format }) => ({ id, name, subType, size, format }));
  const content = { ...archive, rawFiles: files, classification, extraction, analysis, validation };
  return {
    archiveId,
    submissionId,
    ...place,
    type: type ?? null,
    status: state.status,
    errorCode: state.errorCode ?? null,
    content: keep ? content : undefined,
  };
}
