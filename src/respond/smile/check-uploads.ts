/** Asks Smile about a person's documents, and stores the data that the form retrieves of them. */
import { keepsUploads, takesUploads } from '../../form/inspect/retrieve.ts';
import type { Form } from '../../form/schema.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { listArchiveStates, REVOKED, storeArchive } from '../../record/accounts/archives.ts';
import {
  appendEvents,
  FOUND_BY_ASKING,
  serverEvent,
  type EventSource,
  type RecordedEvent,
} from '../../record/events.ts';
import { listEvents } from '../../record/event-queries.ts';
import { lockSmileEvents } from '../../record/smile-events.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { unlessRefused } from '../../smile/error.ts';
import type { SmileArchive } from '../../smile/resources/archives.ts';
import { recordSmileEvent, type Services } from '../services.ts';
import { CHECKED, idsOf, UPLOAD_EVENTS, currentUploads } from './uploads.ts';
import { isOn } from './wink-state.ts';

/** The events in which Smile reports documents (Smile, Event Notifications). */
export const ARCHIVE_TYPES = ['ARCHIVE_STARTED', 'ARCHIVE_ANALYZED', 'ARCHIVE_FAILED', 'ARCHIVE_REVOKED'];

/**
 * Asks Smile about a person's documents, if the form can have some or an event mentions one, and records changes.
 * @param askedAt since when reports of the widget stay, because Smile's answer may be older: then the next answer counts.
 * Without it, none stays
 * @returns whether Smile is still reading one. Throws `SmileError`.
 */
export async function checkUploads(
  services: Services,
  submission: Submission,
  form: Form,
  askedAt?: Date,
): Promise<boolean> {
  if (!submission.smileUserId) return false;
  if (!takesUploads(form) && !(await hasUploadEvents(services, submission))) return false;
  // Without permission to read archives, only the widget's events count.
  const archives = await services.smile
    .listArchives({ userId: submission.smileUserId })
    .catch(unlessRefused(undefined));
  if (!archives) return false;
  await recordUploads(services, submission, form, archives.filter(({ userId }) => userId === submission.smileUserId), askedAt); // prettier-ignore
  return archives.some(({ state }) => state.status === 'STARTED');
}

/** Whether an event of the widget or of Smile mentions a document. */
const hasUploadEvents = async ({ db }: Services, submission: Submission): Promise<boolean> =>
  (await listEvents(db, submission, { names: [...UPLOAD_EVENTS, ...ARCHIVE_TYPES], sources: UPLOAD_SOURCES, limit: 1 }))
    .length > 0;

const UPLOAD_SOURCES: EventSource[] = ['widget', 'webhook', 'server'];

const MAX_DOCUMENTS = SITE_LIMITS.documents.value;
const MAX_CHARACTERS = SITE_LIMITS.documentCharacters.value;

type Place = { screen: string; widget: number };

type Known = Awaited<ReturnType<typeof listArchiveStates>>[number];

async function recordUploads(
  services: Services,
  submission: Submission,
  form: Form,
  archives: SmileArchive[],
  askedAt: Date | undefined,
): Promise<void> {
  const now = services.now();
  await services.db.transaction(async (db) => {
    await lockSmileEvents(db, submission.id);
    const known = await listArchiveStates(db, submission.id);
    const statuses = new Map(known.map(({ archiveId, status }) => [archiveId, status]));
    const isKnown = ({ id }: SmileArchive) => statuses.has(id);
    // Flipsite took it back, and Smile has not deleted it yet.
    const isGone = ({ id, state }: SmileArchive) => state.status !== REVOKED && statuses.get(id) === REVOKED;
    const kept = archives.filter((archive) => !isGone(archive));
    const followed = [...kept.filter(isKnown), ...kept.filter((archive) => !isKnown(archive))].slice(0, MAX_DOCUMENTS);
    const events = await listEvents(db, submission, {
      names: UPLOAD_EVENTS,
      sources: UPLOAD_SOURCES,
      limit: SITE_LIMITS.eventsForDecision.value,
    });
    const isNew = ({ source, receivedAt }: RecordedEvent) => source === 'widget' && askedAt !== undefined && receivedAt >= askedAt.toISOString(); // prettier-ignore
    for (const place of placesOf(form)) {
      const placeArchives = followed.filter(({ id }) => isSame(placeOf(id, known, events, submission), place));
      const placeEvents = events.filter(({ data }) => isOn(place.screen, place.widget, data));
      // With its status stored, a document would count as unchanged in the next answer, and would never be confirmed.
      if (placeEvents.some(isNew)) continue;
      const changed = placeArchives.filter((archive) => isChanged(archive, known, keepsUploads(form, place)));
      for (const archive of changed) await storeArchive(db, reportOf(archive, submission, place, keepsUploads(form, place)), now); // prettier-ignore
      const before = currentUploads(placeEvents, submission.smileUserId);
      const after = placeArchives.filter(({ state }) => state.status !== REVOKED).map(({ id }) => id);
      if (!changed.length && before.size === after.length && after.every((id) => before.has(id))) continue;
      const uploads = placeArchives.map(({ id, type, state }) => ({ id, status: state.status, ...(type && { type }), ...(state.errorCode && { errorCode: state.errorCode }) })); // prettier-ignore
      const foundByPolling = after.some((id) => !before.has(id)) && { [FOUND_BY_ASKING]: true };
      const data = { ...place, uploads, ...foundByPolling };
      if (await recordSmileEvent(db, submission, CHECKED, data, now)) continue;
      // It decides the state of the screen. So one a day is stored where there is no room for it.
      const id = ['uploads', place.screen, place.widget, now.toISOString().slice(0, 10)].join('-');
      await appendEvents(db, [{ ...serverEvent(submission.id, CHECKED, data, now), id }]);
    }
  });
}

const placesOf = (form: Form): Place[] =>
  form.screens.flatMap(({ id, wink }) => widgetsOf(wink).map((_, widget) => ({ screen: id, widget })));

const isSame = (a: Place, b: Place): boolean => a.screen === b.screen && a.widget === b.widget;

/** The widget of a document: as stored, as the widget reported, or the one opened last. */
function placeOf(id: string, known: Known[], events: RecordedEvent[], { winkScreen, winkWidget }: Submission): Place {
  const before = known.find(({ archiveId }) => archiveId === id);
  if (before) return before;
  const claim = events.find(({ name, data }) => name === 'onUploadsCreated' && idsOf((data as { uploads?: unknown } | null)?.uploads).includes(id)); // prettier-ignore
  const { screen, widget = 0 } = (claim?.data ?? {}) as Partial<Place>;
  return screen === undefined ? { screen: winkScreen ?? '', widget: winkWidget } : { screen, widget };
}

function isChanged({ id, type, state }: SmileArchive, known: Known[], keep: boolean): boolean {
  const before = known.find(({ archiveId }) => archiveId === id);
  if (before?.status !== state.status || before.type !== (type ?? null)) return true;
  return keep && before.readAt === null && state.status !== REVOKED;
}

function reportOf(archive: SmileArchive, { id: submissionId }: Submission, place: Place, keep: boolean) {
  const { id: archiveId, type, state, rawFiles, classification, extraction, analysis, validation } = archive;
  // Without the addresses of the files: they open without a key, and expire after 60 days.
  const files = rawFiles?.map(({ id, name, subType, size, format }) => ({ id, name, subType, size, format }));
  const content = { ...archive, rawFiles: files, classification, extraction, analysis, validation };
  return {
    archiveId,
    submissionId,
    ...place,
    type: type ?? null,
    status: state.status,
    errorCode: state.errorCode ?? null,
    // Without its data it counts as read too, so that Flipsite does not store it again each time it asks Smile.
    content: !keep ? undefined : JSON.stringify(content).length > MAX_CHARACTERS ? { id: archiveId, state } : content,
  };
}
