/** Syncs with the server: saves and events wait in two queues, in order, and are retried until acknowledged. */
import type {
  ErrorDetails,
  EventsRequest,
  PageEvent,
  SaveRequest,
  SavedScreen,
  StartRequest,
  StartedSubmission,
  StoredEvents,
} from '../../../contract/api.ts';
import type { PageScreen } from '../../../contract/page.ts';
import type { DeviceState } from '../../device.ts';
import type { ServerResult, PageContext, ServerError } from '../../page-context.ts';
import { TryAgain, openQueue } from './queue.ts';

export type Status = 'saving' | 'saved';

/** The result of the pending saves; `false`: they still wait. */
export type Flushed = 'saved' | 'refused' | false;

interface Handlers {
  /** A save was refused: the person has to correct the screen, or belongs on another one. */
  refused(screen: string, refusal: ServerError): void;
  status(state: Status): void;
  /** A save has no answer yet, and is sent again. */
  showTrouble(error: TryAgain): void;
}

/** The server's limit for the data of one event, in characters of JSON. A test compares it with `eventDataCharacters`. */
export const MAX_EVENT_CHARACTERS = 16_384;

/** Above each revision of the server. It refuses to submit this one, and the page sends all its answers again. */
const LOST = 1e9;

/**
 * The revision that this device knows after a save of its own. If another one has saved in between, it stays: the person
 * has not seen that. One that this device knew before is given again by a server that was restored from a backup.
 */
export const revisionAfter = (known: number | undefined, { revision }: SavedScreen): number | undefined =>
  revision - 1 === known ? revision : revision <= (known as number) ? LOST : known;

export function openSync({ data, device, form, navigation, uuid, chunk }: PageContext, handlers: Handlers) {
  /**
   * @param has a key of each successful answer, unless that is empty
   * @throws TryAgain
   */
  async function call<T>(
    has: keyof T | undefined,
    method: string,
    path: string,
    body?: unknown,
    { key, bearer = device.state.token }: { key?: string; bearer?: string } = {},
  ): Promise<ServerResult<T>> {
    const text = JSON.stringify(body) as string | undefined;
    // `AbortSignal.timeout` is missing in browsers of 2021. It does nothing to a request that is answered.
    const abort = new AbortController();
    // In WebKit, a request of a page that was in its memory meanwhile never ends, even if it is aborted.
    const late = new Promise<never>((_, fail) => {
      setTimeout(() => {
        abort.abort();
        fail();
      }, 25_000);
    });
    let response: Response;
    let answer: Partial<T> & { error?: ErrorDetails };
    try {
      const asked = fetch(`${data.api}/api/${path}`, {
        method,
        headers: {
          // The language that the person reads now, which may differ from the first one.
          'content-language': data.language,
          ...(text && { 'content-type': 'application/json' }),
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...(key && { 'idempotency-key': key }),
        },
        ...(text && { body: text }),
        // Browsers limit keepalive requests to 64 kB, and a character has up to four bytes.
        keepalive: !text || text.length < 15_000,
        signal: abort.signal,
      });
      response = await Promise.race([late, asked]);
      answer = await Promise.race([late, response.json()]);
      // Another server may have answered, such as a firewall or the sign-in page of a Wi-Fi, with any JSON or without.
      if ((response.ok ? !has || answer[has] : answer.error?.code.length) === undefined) throw new TryAgain();
    } catch {
      throw new TryAgain();
    }
    if (response.ok) return { ok: true, body: answer as T };
    const refusal: ServerError = { status: response.status, ...(answer.error as ErrorDetails) };
    const { status, code, fields } = refusal;
    // A static host has newer pages than the server, which will have the form soon. With sentences for the person, the wait is long.
    if (
      /^unknown_(version|form)$/.test(code) ||
      (([408, 429].includes(status) || status >= 500) && code !== 'smile_unavailable' && !fields)
    )
      throw new TryAgain(refusal.requestId);
    return { ok: false, refusal };
  }

  let closed: ServerError | undefined;

  let starting: Promise<void> | undefined;
  /** Once at a time. The answer to a second request would put back the revision of a save since the first one. */
  const start = () => (starting ??= begin().finally(() => (starting = undefined)));

  async function begin(): Promise<void> {
    const { id, ended, start: key = uuid(), params, language = data.language, openedAt = Date.now() - performance.now() } = device.state; // prettier-ignore
    if (id || ended) return;
    if (closed) return handlers.refused('', closed);
    // A change of the language does not start a second submission.
    device.update({ language, start: key, openedAt });
    const trap = form.querySelector<HTMLInputElement>('[data-trap]')?.value;
    // It takes its time while the person fills in the first screen.
    const proof = data.chunks.solve && (await (await chunk('solve')).proof(call));
    const body: StartRequest = { version: data.version, language, params, ...(trap && { trap }), proof };
    const answer = await call<StartedSubmission>('id', 'POST', `forms/${data.slug}/submissions`, body, { key });
    // With its version: a tab with a newer one may have taken over the draft.
    if (answer.ok) device.update({ ...answer.body, revision: 1 });
    else {
      // The form was published again since the first attempt.
      if (answer.refusal.code === 'idempotency_conflict') device.update({ start: uuid() });
      else closed = answer.refusal;
      return begin();
    }
  }

  /**
   * Saves all answers of the path again, because the server does not have them.
   * @param change without it, starts again, because the server no longer knows the submission. Its accounts and documents
   * are gone with it, so the person has to pass the Wink screens again
   */
  function saveAgain(
    change: Partial<DeviceState> = {
      id: '',
      token: '',
      start: uuid(),
      accounts: {},
      uploads: {},
      passed: device.state.passed.filter((id) => !navigation.screen(id)?.wink),
    },
  ): void {
    const { passed, answers, saves } = device.state;
    const resaves = navigation.complete().path.flatMap((id) => {
      const screen = navigation.screen(id) as PageScreen;
      if (screen.wink || !passed.includes(id)) return [];
      return [{ key: uuid(), screen: id, answers: navigation.evaluate(screen, answers).answers }];
    });
    document.getElementById('later')?.remove();
    device.update({ ...change, saves: resaves[0] ? resaves : saves });
  }

  /** The number of refused saves. */
  let refusals = 0;

  async function sendSaves(): Promise<void> {
    const before = refusals;
    for (let save = device.state.saves[0]; save; save = device.state.saves[0]) {
      await start();
      const { id } = device.state;
      if (!id) return;
      handlers.status('saving');
      const { key, ...body } = save;
      const answer = await call<SavedScreen>('next', 'PUT', `submissions/${id}/answers`, body satisfies SaveRequest, { key }); // prettier-ignore
      if (!answer.ok && [401, 404].includes(answer.refusal.status)) {
        saveAgain();
        continue;
      }
      device.update(({ saves, revision }) => {
        const rest = saves.filter((one) => one.key !== key);
        // After a refusal, a later save of the screen has the corrected answers, which those of later screens may need.
        // Saves off the path come last.
        const { path } = navigation.complete();
        if (!answer.ok) rest.sort((a, b) => (path.indexOf(a.screen) >>> 0) - (path.indexOf(b.screen) >>> 0));
        // Another tab may have heard the answer first.
        return {
          saves: rest,
          revision: answer.ok && saves[rest.length] ? revisionAfter(revision, answer.body) : revision,
        };
      });
      // Behind a refusal, the page stays at its error, wherever the other answers lead.
      if (answer.ok || (refusals > before && answer.refusal.next)) {
        if (!device.state.saves[0]) handlers.status('saved');
      } else if (!device.state.saves.some(({ screen }) => screen === save.screen)) {
        refusals++;
        handlers.refused(save.screen, answer.refusal);
      }
    }
  }

  let batchSize = 50;

  /** The oldest events that fit into one request, which a closing page can still send. */
  function batch(): PageEvent[] {
    const events: PageEvent[] = [];
    let size = 0;
    for (const stored of device.state.events.slice(0, batchSize)) {
      const small = JSON.stringify(stored.data).length <= MAX_EVENT_CHARACTERS;
      const event = small ? stored : { ...stored, data: { screen: stored.data['screen'], tooLarge: true } };
      size += JSON.stringify(event).length;
      if (events[0] && size > 14_000) break;
      events.push(event);
    }
    return events;
  }

  const sendBatch = (events: PageEvent[]) =>
    call<StoredEvents>('stored', 'POST', `submissions/${device.state.id}/events`, { events } satisfies EventsRequest);

  async function sendEvents(): Promise<void> {
    batchSize = 50;
    while (device.state.id && device.state.events.length) {
      const events = batch();
      const answer = await sendBatch(events);
      if (!answer.ok && [401, 404].includes(answer.refusal.status)) throw new TryAgain();
      if (!answer.ok && events[1]) {
        // One refused event must not block the others.
        batchSize = 1;
        continue;
      }
      device.update((stored) => ({ events: stored.events.filter(({ id }) => !events.some((sent) => sent.id === id)) }));
    }
    // After submitting, no more events are sent.
    if (device.state.ended) device.update({ id: '', token: '' });
  }

  const has = (queue: 'saves' | 'events') => device.state.id && device.state[queue][0];
  /** Two queues, so that submitting does not wait for events. */
  const flushSaves = openQueue(sendSaves, () => has('saves'), handlers.showTrouble);
  const flushEvents = openQueue(sendEvents, () => has('events'), () => undefined); // prettier-ignore

  async function flush(): Promise<Flushed> {
    const before = refusals;
    await flushSaves();
    void flushEvents();
    return refusals > before ? 'refused' : !device.state.saves[0] && 'saved';
  }

  addEventListener('online', () => void flush());
  // A closing page cannot wait for the queue. The ids of events prevent duplicates.
  addEventListener('pagehide', () => {
    if (has('events')) sendBatch(batch()).catch(() => undefined);
  });

  return {
    flush,
    call,
    start,
    saveAgain,
    flushEvents,
    /** Whether the form accepts nothing more: it was submitted, or takes no new submission. */
    closed: () => closed ?? device.state.ended,
  };
}
