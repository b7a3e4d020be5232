/** Talking with the server: one queue, in order, retried until acknowledged. */
import type { PageData } from '../publish/page-data.ts';
import { uuid, type Device, type PageEvent } from './device.ts';
import { NoAnswer, openQueue } from './queue.ts';

export interface Refusal {
  status: number;
  code: string;
  message: string;
  fields?: Record<string, string>;
  screen?: string;
  next?: { screen?: string; ending?: string };
}

export type Answered<T> = { ok: true; body: T } | { ok: false; refusal: Refusal };

export type Status = 'saving' | 'saved' | 'trouble' | 'offline';

export interface Handlers {
  /** A save was refused: the person has to correct the screen, or belongs on another one. */
  refused(screen: string, refusal: Refusal): void;
  status(state: Status): void;
}

/** Largest data of one event that the server takes, in characters of JSON. */
const LARGEST = 16_000;

export function openServer(data: PageData, device: Device, handlers: Handlers) {
  async function call<T>(
    method: string,
    path: string,
    body: unknown,
    key?: string,
    bearer = device.kept.token,
  ): Promise<Answered<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    let response: Response;
    try {
      response = await fetch(`${data.api}/api/${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...(key && { 'idempotency-key': key }),
        },
        ...(text && { body: text }),
        // Browsers refuse to keep more than 64 kB alive.
        keepalive: !text || text.length < 30_000,
        signal: AbortSignal.timeout(25_000),
      });
    } catch {
      throw new NoAnswer();
    }
    const answer = (await response.json().catch(() => ({}))) as { error?: Omit<Refusal, 'status'> };
    if (response.ok) return { ok: true, body: answer as T };
    const refusal = { status: response.status, ...(answer.error ?? { code: '', message: '' }) };
    if ((refusal.status === 429 || refusal.status >= 500) && refusal.code !== 'smile_unavailable') throw new NoAnswer();
    return { ok: false, refusal };
  }

  let closed = false;

  async function start(): Promise<void> {
    const { id, start, params } = device.kept;
    if (id) return;
    const body = { version: data.version, language: data.language, params };
    const answer = await call<{ id: string; token: string }>('POST', `forms/${data.slug}/submissions`, body, start);
    if (answer.ok) device.keep({ id: answer.body.id, token: answer.body.token });
    else {
      closed = true;
      handlers.refused('', answer.refusal);
    }
  }

  /** A submission that the server no longer knows is started anew with everything kept here. */
  function startOver() {
    const { passed, answers, saves } = device.kept;
    const again = data.screens
      .filter((screen) => passed.includes(screen.id) && !screen.wink)
      .map((screen) => ({
        key: uuid(),
        screen: screen.id,
        answers: Object.fromEntries(
          screen.fields.flatMap(({ id }) => (answers[id] === undefined ? [] : [[id, answers[id]]])),
        ),
      }));
    device.keep({ id: '', token: '', start: uuid(), saves: again.length ? again : saves });
  }

  async function sendSaves(): Promise<void> {
    for (let save = device.kept.saves[0]; save; save = device.kept.saves[0]) {
      await start();
      const { id } = device.kept;
      if (!id) return;
      handlers.status('saving');
      const body = { screen: save.screen, answers: save.answers };
      const answer = await call('PUT', `submissions/${id}/answers`, body, save.key);
      if (!answer.ok && (answer.refusal.status === 401 || answer.refusal.status === 404)) {
        startOver();
        continue;
      }
      device.keep({ saves: device.kept.saves.slice(1) });
      if (!answer.ok) handlers.refused(save.screen, answer.refusal);
      else if (!device.kept.saves.length) handlers.status('saved');
    }
  }

  /** The oldest events that fit into one request which a closing page may still send. */
  function batch(): PageEvent[] {
    const events: PageEvent[] = [];
    let size = 0;
    for (const event of device.kept.events.slice(0, 50)) {
      size += JSON.stringify(event).length;
      if (events.length && size > 28_000) break;
      events.push(event);
    }
    return events;
  }

  async function sendEvents(): Promise<void> {
    while (device.kept.id && device.kept.events.length) {
      const events = batch();
      await call('POST', `submissions/${device.kept.id}/events`, { events });
      const sent = new Set(events.map(({ id }) => id));
      device.keep({ events: device.kept.events.filter(({ id }) => !sent.has(id)) });
    }
  }

  const trouble = () => handlers.status(navigator.onLine ? 'trouble' : 'offline');
  /** Two queues: nobody who presses Send should wait for what the page has to tell. */
  const flushSaves = openQueue(sendSaves, () => Boolean(device.kept.id && device.kept.saves.length), trouble);
  const flushEvents = openQueue(
    sendEvents,
    () => Boolean(device.kept.id && device.kept.events.length),
    () => undefined,
  );

  /** Sends what waits. Resolves to whether every save was acknowledged; if not, it is tried again by itself. */
  async function flush(): Promise<boolean> {
    await flushSaves();
    void flushEvents();
    return device.kept.saves.length === 0;
  }

  addEventListener('online', () => void flush());
  // A page that closes cannot wait for its turn in the queue. What arrives twice is stored once, by the events' ids.
  addEventListener('pagehide', () => {
    const { id } = device.kept;
    const events = batch();
    if (id && events.length) call('POST', `submissions/${id}/events`, { events }).catch(() => undefined);
  });

  return {
    flush,
    call,
    start,
    /** Whether the form takes no new submission. */
    closed: () => closed,
    /** Keeps an event and sends it with whatever else waits. Before there is a submission it waits on the device. */
    record(name: string, detail: Record<string, unknown>) {
      const small = JSON.stringify(detail).length <= LARGEST ? detail : { screen: detail['screen'], tooLarge: true };
      const event: PageEvent = { id: uuid(), name, at: new Date().toISOString(), data: small };
      device.keep({ events: [...device.kept.events, event].slice(-500) });
      if (device.kept.id) void flushEvents();
    },
  };
}

export type Server = ReturnType<typeof openServer>;
