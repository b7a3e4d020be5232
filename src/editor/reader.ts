/**
 * Reads and changes texts on a thread of their own, so that typing in a long text never waits. The thread runs the
 * script of the editor too.
 */
import { edit, type EditChange, type Path } from '../form/edit/edit.ts';
import { readingOf, type Beside } from './model/reading.ts';

interface Work {
  text: string;
  /** The change to make. Without it, the text is read. */
  change?: [Path, EditChange];
}

/** The code of the thread: answers each text with its reading for the views, or with its change. */
export function answerTexts(): void {
  addEventListener('message', ({ data: { text, change } }: MessageEvent<Work>) => {
    if (change) return postMessage(edit(text, ...change));
    const { outline, data } = readingOf(text);
    return postMessage({ outline, data });
  });
}

/** @param script the address of the editor's script @returns a thread, which starts with its first work */
export function threadOf(script: string): Beside {
  let worker: Worker | undefined;
  const waiting: ((answer: unknown) => void)[] = [];
  function start(): Worker {
    const started = new Worker(script, { type: 'module' });
    // It answers in the order of its work.
    started.addEventListener('message', ({ data }: MessageEvent<unknown>) => waiting.shift()?.(data));
    started.addEventListener('error', () => waiting.splice(0).forEach((answer) => answer(undefined)));
    return started;
  }
  async function ask<Answer>(work: Work): Promise<Answer | undefined> {
    worker ??= start();
    worker.postMessage(work);
    return new Promise((resolve) => waiting.push(resolve as (answer: unknown) => void));
  }
  return { read: (text) => ask({ text }), edit: (text, ...change) => ask({ text, change }) };
}
