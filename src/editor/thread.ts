/**
 * A thread beside the page's own: it reads, changes and saves texts, so that no key waits for that. It runs the script of the
 * editor too.
 */
import { edit, type EditChange, type Path } from '../form/edit/edit.ts';
import { changeOf, readAll, withChange, type TextReading } from '../form/edit/reading.ts';
import type { TypedEdit, TextThread } from './model/text-thread.ts';
import { sendDraft } from './send-draft.ts';

/** The work of a thread, by name. */
function createWork() {
  let sent: TextReading | undefined;
  return {
    /** The page would wait for a long form to arrive, so only its changes are sent. */
    read(text: string) {
      const before = sent;
      sent = readAll(text);
      return changeOf(before, sent);
    },
    edit(text: string, path: Path, change: EditChange): TypedEdit {
      const edited = edit(text, path, change);
      return edited.ok ? { ok: true, splices: edited.splices } : edited;
    },
    save: sendDraft,
  };
}

type Work = ReturnType<typeof createWork>;
type Name = keyof Work;
type Answer<N extends Name> = Awaited<ReturnType<Work[N]>>;

/** Its number is in the answer too, as a save takes longer than the work after it. */
interface Task<N extends Name = Name> {
  number: number;
  name: N;
  given: Parameters<Work[N]>;
}

interface Done {
  number: number;
  answer: unknown;
}

/** Does the work that arrives at the thread's end of the way. Work that fails is answered with undefined. */
export function serveWorker(end: Pick<MessagePort, 'addEventListener' | 'postMessage'>): void {
  const tasks = createWork();
  const work = async <N extends Name>({ name, given }: Task<N>) =>
    (tasks[name] as (...all: Parameters<Work[N]>) => unknown)(...given);
  end.addEventListener('message', ({ data }: MessageEvent<Task>) => {
    const tell = (answer?: unknown) => end.postMessage({ number: data.number, answer } satisfies Done);
    work(data).then(tell, () => tell());
  });
}

export interface EditorThread extends TextThread {
  /** Sends a draft, as `sendDraft` does. Undefined if the thread is gone. */
  save(...given: Parameters<typeof sendDraft>): Promise<Answer<'save'> | undefined>;
}

/** After this time without an answer, the thread is gone. A request takes less. In ms. */
const GONE_MS = 40_000;

type OpenThread = Pick<Worker, 'addEventListener' | 'postMessage' | 'terminate'>;

/** @param open starts the thread, when it has its first work */
export function threadAt(open: () => OpenThread, goneMs = GONE_MS): EditorThread {
  const waiting = new Map<number, (answer: unknown) => void>();
  let thread: OpenThread | undefined;
  let last: TextReading | undefined;
  let isGone = false;
  let count = 0;

  function start(): OpenThread {
    const started = open();
    started.addEventListener('message', ({ data: { number, answer } }: MessageEvent<Done>) =>
      waiting.get(number)?.(answer),
    );
    // Its script did not load.
    started.addEventListener('error', leave);
    return started;
  }

  function leave(): void {
    isGone = true;
    thread?.terminate();
    for (const answer of waiting.values()) answer(undefined);
  }

  async function ask<N extends Name>(name: N, ...given: Parameters<Work[N]>): Promise<Answer<N> | undefined> {
    if (isGone) return undefined;
    thread ??= start();
    const number = ++count;
    thread.postMessage({ number, name, given } satisfies Task<N>);
    const timer = setTimeout(leave, goneMs);
    const answer = await new Promise((resolve) => waiting.set(number, resolve));
    clearTimeout(timer);
    waiting.delete(number);
    return answer as Answer<N> | undefined;
  }

  return {
    async read(text) {
      const change = await ask('read', text);
      return change && (last = withChange(last, change));
    },
    edit: (...given) => ask('edit', ...given),
    save: (...given) => ask('save', ...given),
  };
}
