/** Reads texts on a thread of their own, so that typing in a long text never waits. The thread runs the script of the editor too. */
import { readingOf, type ReadBeside, type TextReading } from './model/reading.ts';

/** What the thread does: answers each text with what views need to know of it. */
export function answerTexts(): void {
  addEventListener('message', ({ data: text }: MessageEvent<string>) => {
    const { outline, data } = readingOf(text);
    postMessage({ outline, data });
  });
}

/** @param script the address of the editor's script @returns a reader, which starts the thread at its first text */
export function readerOf(script: string): ReadBeside {
  let worker: Worker | undefined;
  const waiting: ((reading: TextReading | undefined) => void)[] = [];
  function start(): Worker {
    const started = new Worker(script, { type: 'module' });
    // It answers in the order of the texts.
    started.addEventListener('message', ({ data }: MessageEvent<TextReading>) => waiting.shift()?.(data));
    started.addEventListener('error', () => waiting.splice(0).forEach((answer) => answer(undefined)));
    return started;
  }
  return async (text) => {
    worker ??= start();
    worker.postMessage(text);
    return new Promise((resolve) => waiting.push(resolve));
  };
}
