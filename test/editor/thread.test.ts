/** The thread beside the page: each answer belongs to its work, and work that it cannot do is the page's again. */
import { expect, it, onTestFinished } from 'vitest';
import { serveWorker, threadAt, type EditorThread } from '../../src/editor/thread.ts';

const TEXT = 'title: Plain\nendings:\n  - { id: done, title: Done }\n';

/** @param serve the work of the other end of the way */
function open(serve: (end: MessagePort) => void, goneMs?: number) {
  const { port1, port2 } = new MessageChannel();
  const end = Object.assign(port1 as unknown as Worker, { terminate: () => port1.close() });
  onTestFinished(() => port1.close());
  serve(port2);
  port2.start();
  port1.start();
  return { thread: threadAt(() => end, goneMs), end };
}

const setTitle = (thread: EditorThread, value: string) => thread.edit(TEXT, ['title'], { do: 'set', value });

it('answers each work with its own result, also behind one that fails', async () => {
  const { thread } = open(serveWorker);
  const broken = thread.edit(TEXT, null as never, { do: 'set', value: 'x' });
  const [changed, read] = [setTitle(thread, 'Riders'), thread.read(TEXT)];

  expect(await broken).toBeUndefined();
  expect(await changed).toEqual({ ok: true, splices: [{ from: 7, to: 12, insert: 'Riders' }] });
  expect((await read)?.data).toMatchObject({ title: 'Plain' });
});

it('reads a text again with the same objects for the parts that are the same, also after work that fails', async () => {
  const { thread } = open(serveWorker);
  const before = await thread.read(TEXT);
  await thread.read(null as never);
  const after = await thread.read(TEXT.replace('Plain', 'Riders'));

  expect(after?.data).toEqual({ title: 'Riders', endings: [{ id: 'done', title: 'Done' }] });
  expect(after?.outline.endings[0]).toBe(before?.outline.endings[0]);
});

it('answers with undefined, now and from then on, where its script does not load', async () => {
  const { thread, end } = open(() => undefined);
  const waiting = setTitle(thread, 'Riders');
  end.dispatchEvent(new Event('error'));

  expect(await waiting).toBeUndefined();
  expect(await setTitle(thread, 'Riders')).toBeUndefined();
  expect(await thread.read(TEXT)).toBeUndefined();
});

it('is gone where it does not answer', async () => {
  const { thread } = open(() => undefined, 5);

  expect(await thread.read(TEXT)).toBeUndefined();
  expect(await setTitle(thread, 'Riders')).toBeUndefined();
});
