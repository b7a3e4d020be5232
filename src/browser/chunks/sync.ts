/** Talking with the server: saves and events wait in two queues, in order, and are sent again until acknowledged. */
import type {
  Challenge,
  ErrorDetails,
  EventsRequest,
  PageEvent,
  SaveRequest,
  StartRequest,
  StartedSubmission,
  StoredEvents,
} from '../../contract/api.ts';
import type { Result, PageContext, ApiError } from '../page-context.ts';
import { NoAnswer, openQueue } from './queue.ts';

export type Status = 'saving' | 'saved' | 'trouble' | 'offline';

/** What became of the saves that waited; `false`: they still wait. */
export type Flushed = 'saved' | 'refused' | false;

interface Handlers {
  /** A save was refused: the person has to correct the screen, or belongs on another one. */
  refused(screen: string, refusal: ApiError): void;
  status(state: Status): void;
}

/** Largest data of one event that the server takes, in characters of JSON. */
const LARGEST = 16_000;

export function openSync({ data, device, form, uuid }: PageContext, handlers: Handlers) {
  /** @throws NoAnswer */
  async function call<T>(
    method: string,
    path: string,
    body: unknown,
    { key, bearer = device.state.token }: { key?: string; bearer?: string } = {},
  ): Promise<Result<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    // `AbortSignal.timeout` is missing in browsers of 2021.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 25_000);
    let response: Response;
    try {
      response = await fetch(`${data.api}/api/${path}`, {
        method,
        headers: {
          // The language that the person reads now, which may not be the one they began in.
          'content-language': data.language,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...(key && { 'idempotency-key': key }),
        },
        ...(text && { body: text }),
        // Browsers refuse to keep more than 64 kB alive, and a character has up to four bytes.
        keepalive: !text || text.length < 15_000,
        signal: patience.signal,
      });
    } catch {
      throw new NoAnswer();
    } finally {
      clearTimeout(timer);
    }
    const answer = (await response.json().catch(() => ({}))) as { error?: ErrorDetails };
    if (response.ok) return { ok: true, body: answer as T };
    const refusal = { status: response.status, ...(answer.error ?? { code: '', message: '' }) };
    if (([408, 429].includes(refusal.status) || refusal.status >= 500) && refusal.code !== 'smile_unavailable')
      throw new NoAnswer();
    return { ok: false, refusal };
  }

  let closed: ApiError | undefined;

  async function start(): Promise<void> {
    const { id, ended, start: key, params, language = data.language } = device.state;
    if (id || ended) return;
    if (closed) return handlers.refused('', closed);
    // Who changes the language meanwhile begins the same submission all the same.
    device.update({ language });
    const trap = form.querySelector<HTMLInputElement>('[data-trap]')?.value;
    const body: StartRequest = { version: data.version, language, params, ...(trap && { trap }), ...(await proof()) };
    const answer = await call<StartedSubmission>('POST', `forms/${data.slug}/submissions`, body, { key });
    if (answer.ok) device.update({ id: answer.body.id, token: answer.body.token });
    else if (answer.refusal.code === 'idempotency_conflict') {
      // The form was published anew since the first try.
      device.update({ start: uuid() });
      return start();
    } else if (answer.refusal.code === 'form_changed' && device.lasting && device.state.reloaded !== data.version) {
      // What was typed is on the device, and stays with its fields. A page that comes back as it was is not loaded again.
      device.update({ reloaded: data.version });
      location.replace(location.pathname);
    } else {
      closed = answer.refusal;
      handlers.refused('', closed);
    }
  }

  /** A proof of work, where the form asks for one. It loads and runs while the person fills in the first screen. */
  async function proof(): Promise<{ proof?: string }> {
    if (!data.challenge) return {};
    const answer = await call<Challenge>('GET', `forms/${data.slug}/challenge`, undefined);
    // Without a proof the submission is marked, and taken all the same.
    const part = (await import(data.challenge).catch(() => undefined)) as typeof import('./solve.ts') | undefined;
    const solved = answer.ok && (await part?.solve(answer.body));
    return solved ? { proof: solved } : {};
  }

  /** A submission that the server no longer knows is started anew with everything kept here. */
  function startOver() {
    const { passed, answers, saves } = device.state;
    const again = data.screens
      .filter((screen) => passed.includes(screen.id) && !screen.wink)
      .map((screen) => ({
        key: uuid(),
        screen: screen.id,
        answers: Object.fromEntries(
          screen.fields.flatMap(({ id }) => (answers[id] === undefined ? [] : [[id, answers[id]]])),
        ),
      }));
    document.getElementById('later')?.remove();
    device.update({ id: '', token: '', start: uuid(), saves: again.length ? again : saves });
  }

  /** Saves that were refused. */
  let refusals = 0;

  async function sendSaves(): Promise<void> {
    for (let save = device.state.saves[0]; save; save = device.state.saves[0]) {
      await start();
      const { id } = device.state;
      if (!id) return;
      handlers.status('saving');
      const body: SaveRequest = { screen: save.screen, answers: save.answers };
      const answer = await call('PUT', `submissions/${id}/answers`, body, { key: save.key });
      if (!answer.ok && (answer.refusal.status === 401 || answer.refusal.status === 404)) {
        startOver();
        continue;
      }
      device.update(({ saves }) => ({ saves: saves.filter(({ key }) => key !== save?.key) }));
      if (!answer.ok) {
        refusals++;
        handlers.refused(save.screen, answer.refusal);
      } else if (!device.state.saves.length) handlers.status('saved');
    }
  }

  let most = 50;

  /** The oldest events that fit into one request which a closing page may still send. */
  function batch(): PageEvent[] {
    const events: PageEvent[] = [];
    let size = 0;
    for (const kept of device.state.events.slice(0, most)) {
      const small = JSON.stringify(kept.data).length <= LARGEST;
      const event = small ? kept : { ...kept, data: { screen: kept.data['screen'], tooLarge: true } };
      size += JSON.stringify(event).length;
      if (events.length && size > 14_000) break;
      events.push(event);
    }
    return events;
  }

  const sendBatch = (events: PageEvent[]) =>
    call<StoredEvents>('POST', `submissions/${device.state.id}/events`, { events } satisfies EventsRequest);

  async function sendEvents(): Promise<void> {
    most = 50;
    while (device.state.id && device.state.events.length) {
      const events = batch();
      const answer = await sendBatch(events);
      if (!answer.ok && [401, 404].includes(answer.refusal.status)) throw new NoAnswer();
      if (!answer.ok && events.length > 1) {
        // One that is refused must not take the others with it.
        most = 1;
        continue;
      }
      const sent = new Set(events.map(({ id }) => id));
      device.update((kept) => ({ events: kept.events.filter(({ id }) => !sent.has(id)) }));
    }
    // Nothing more is told of a form that was sent.
    if (device.state.ended) device.update({ id: '', token: '' });
  }

  const has = (what: 'saves' | 'events') => Boolean(device.state.id && device.state[what].length);
  /** Two queues: nobody who presses Send should wait for what the page has to tell. */
  const flushSaves = openQueue(sendSaves, () => has('saves'), () => handlers.status(navigator.onLine ? 'trouble' : 'offline')); // prettier-ignore
  const flushEvents = openQueue(sendEvents, () => has('events'), () => undefined); // prettier-ignore

  async function flush(): Promise<Flushed> {
    const before = refusals;
    await flushSaves();
    void flushEvents();
    return refusals > before ? 'refused' : !device.state.saves.length && 'saved';
  }

  addEventListener('online', () => void flush());
  // A page that closes cannot wait for its turn in the queue. What arrives twice is stored once, by the events' ids.
  addEventListener('pagehide', () => {
    if (has('events')) sendBatch(batch()).catch(() => undefined);
  });

  return {
    flush,
    call,
    start,
    startOver,
    tell: () => flushEvents().then(() => undefined),
    /** Whether the form takes nothing more: it was sent, or takes no new submission. */
    closed: () => Boolean(closed ?? device.state.ended),
  };
}
