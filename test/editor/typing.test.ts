/** Typing in a panel: another thread makes the changes, none is lost, and keys that follow each other are one step of undo. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { edit, type Path } from '../../src/form/edit/edit.ts';
import type { SaveAnswer } from '../../src/editor/model/autosave.ts';
import { createModel, type EditorModel } from '../../src/editor/model/model.ts';
import type { TextThread } from '../../src/editor/model/text-thread.ts';
import { readAll } from '../../src/form/edit/reading.ts';

// Keys follow each other at once, however busy the machine is.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

const TEXT = 'title: Plain\nscreens:\n  - { id: one, title: One }\nendings:\n  - { id: done, title: Done }\n';

/** @param edit of the other thread; without it there is none */
function open(edit?: TextThread['edit'], text = TEXT): EditorModel {
  const start = { text, revision: 1, savedAt: undefined, faults: [] };
  const device = { keep: () => undefined, forget: () => undefined };
  const send = async (): Promise<SaveAnswer> => ({
    is: 'saved',
    revision: 2,
    savedAt: '',
    faults: [],
    isChanged: true,
  });
  const thread = edit && { edit, read: async (text: string) => readAll(text) };
  const model = createModel(start, { send, device, pauseMs: 5, ...(thread && { thread }) });
  onTestFinished(() => model.stop());
  return model;
}

const slow: TextThread['edit'] = async (text, path, change) => (await wait(5), edit(text, path, change));
const gone: TextThread['edit'] = async () => undefined;

/** Types a title as a person does, key by key. */
function typeTitle(model: EditorModel, title: string, path: Path = ['title']): void {
  for (let end = 1; end <= title.length; end++) model.type(path, { do: 'set', value: title.slice(0, end) });
}

it.each([
  ['on another thread', slow],
  ['where that thread is gone', gone],
  ['where there is no other thread', undefined],
])('has the last key in the text, and is one step of undo: %s', async (_, edit) => {
  const model = open(edit);
  typeTitle(model, 'Riders ');
  typeTitle(model, 'Riders wanted');
  await vi.waitFor(() => expect(model.text.value).toBe(TEXT.replace('Plain', 'Riders wanted')));
  model.undo();

  expect(model.text.value).toBe(TEXT);
});

it('is in the text before any other change, and before it is saved', async () => {
  const model = open(slow);
  typeTitle(model, 'Riders');
  model.change(['screens', 0, 'title'], { do: 'set', value: 'First' });
  expect(model.text.value).toBe(TEXT.replace('Plain', 'Riders').replace('One', 'First'));
  typeTitle(model, 'Couriers');
  expect(model.isUnsaved()).toBe(true);
  await model.saveNow();

  expect(model.text.value).toContain('title: Couriers\n');
  await wait(20);
  expect(model.text.value).toBe(TEXT.replace('Plain', 'Couriers').replace('One', 'First'));
});

it('goes on at another place without losing the first one', async () => {
  const model = open(slow);
  typeTitle(model, 'Riders');
  model.type(['screens', 0, 'title'], { do: 'set', value: 'First' });

  await vi.waitFor(() => expect(model.text.value).toBe(TEXT.replace('Plain', 'Riders').replace('One', 'First')));
});

it('is not in the outline before the next key is in the text', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  let takesMs = 5;
  const model = open(async (...given) => (await new Promise((made) => setTimeout(made, takesMs)), edit(...given)));
  typeTitle(model, 'Riders');
  await vi.advanceTimersByTimeAsync(50);
  takesMs = 500;
  typeTitle(model, 'Couriers');
  await vi.advanceTimersByTimeAsync(400);
  expect(model.data.value).toMatchObject({ title: 'Plain' });

  await vi.advanceTimersByTimeAsync(2_500);
  expect(model.data.value).toMatchObject({ title: 'Couriers' });
});

it('is in the data at once where a view asks for it', () => {
  const model = open(slow);
  typeTitle(model, 'Riders');
  model.finishTyping();

  expect(model.data.value).toMatchObject({ title: 'Riders' });
});

describe.each([
  ['on another thread', slow],
  ['where there is no other thread', undefined],
])('two languages of one text, %s', (_, edit) => {
  const [en, fil] = ['Riders', 'Mga rider'];
  it.each([
    { first: { language: 'en', text: en }, second: { language: 'fil', text: fil } },
    { first: { language: 'fil', text: fil }, second: { language: 'en', text: en } },
  ])('both stay where $first.language is typed first, and each is one step of undo', async ({ first, second }) => {
    const before = TEXT.replace('Plain', '{ en: Plain, fil: Payak }');
    const model = open(edit, before);
    for (const { language, text } of [first, second]) {
      for (let end = 1; end <= text.length; end++)
        model.type(['title'], { do: 'translate', language, text: text.slice(0, end) });
      await vi.waitFor(() => expect(model.text.value).toContain(`${language}: ${text}`));
    }
    expect(model.text.value).toBe(before.replace('Plain', en).replace('Payak', fil));
    model.undo();
    expect(model.text.value).toBe(before.replace(first.language === 'en' ? 'Plain' : 'Payak', first.text));
    model.undo();

    expect(model.text.value).toBe(before);
  });
});
