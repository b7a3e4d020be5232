/** The one text of the editor: every change is the smallest one, undo gives the bytes back, and saving loses nothing. */
import { setTimeout as wait } from 'node:timers/promises';
import { effect } from '@preact/signals';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DraftToSave } from '../../src/contract/editor.ts';
import { applySplices, type Splice } from '../../src/form/edit/edit.ts';
import type { SaveAnswer } from '../../src/editor/model/autosave.ts';
import { createModel, type EditorModel } from '../../src/editor/model/model.ts';

const TEXT = `# Ask Ana first
title: Plain
screens:
  - id: about   # the first one
    title: "About you"
    fields:
      - { id: name, type: text, label: Name }
endings:
  - { id: done, title: Done }
`;

/** A server with one draft, which answers when the test says so. */
function server(answer: (draft: DraftToSave, index: number) => SaveAnswer | Promise<SaveAnswer> = stored) {
  const sent: DraftToSave[] = [];
  const kept: (DraftToSave | undefined)[] = [];
  return {
    sent,
    /** The texts that the device has stored, in order; undefined after it deleted them. */
    kept,
    send: async (draft: DraftToSave) => answer(draft, sent.push(draft) - 1),
    device: { keep: (draft: DraftToSave) => void kept.push(draft), forget: () => void kept.push(undefined) },
    pauseMs: 5,
    keepMs: 5,
    retryMs: 5,
  };
}

const stored = ({ base }: DraftToSave): SaveAnswer => ({ is: 'saved', revision: base + 1, savedAt: '2026-11-27T14:02:00Z', faults: [], isChanged: true }); // prettier-ignore
const AWAY: SaveAnswer = { is: 'away', message: 'Away.' };

function open(services = server(), text = TEXT): EditorModel {
  const model = createModel({ text, revision: 1, savedAt: undefined, faults: [] }, services);
  onTestFinished(() => model.stop());
  return model;
}

/** Types at an offset as a person does, one key after the other. */
function type(model: EditorModel, at: number, keys: string): void {
  [...keys].forEach((key, index) => model.replaceText([{ from: at + index, to: at + index, insert: key }], typist));
}
const typist = {};
const saved = (model: EditorModel) => vi.waitFor(() => expect(model.saved.value.is).toBe('saved'));

describe('a change', () => {
  it('of a panel changes one line, and keeps comments, spaces and quotes of all others', () => {
    const model = open();

    expect(model.change(['screens', 0, 'title'], { do: 'set', value: 'About yourself' })).toBe(true);

    expect(model.text.value).toBe(TEXT.replace('About you', 'About yourself'));
    expect(model.written.value).toEqual([{ first: 5, last: 5 }]);
  });

  it('that cannot be made says why, and changes nothing', () => {
    const model = open(server(), `${TEXT}more: {`);

    expect(model.change(['title'], { do: 'set', value: 'Other' })).toBe(false);

    expect(model.refusal.value?.message).toContain('error');
    expect(model.text.value).toBe(`${TEXT}more: {`);
  });

  it('of several parts is made as one, and taken back as one', () => {
    const model = open();
    model.changeAll([
      [['title'], { do: 'set', value: 'Other' }],
      [['screens', 0, 'fields', 0], { do: 'rename', to: 'full_name' }],
    ]);

    expect(model.data.value).toMatchObject({ title: 'Other', screens: [{ fields: [{ id: 'full_name' }] }] });
    model.undo();

    expect(model.text.value).toBe(TEXT);
    expect(model.canUndo.value).toBe(false);
  });

  it('is in the outline at once, and keys are there after a pause', async () => {
    const model = open();
    model.change(['screens', 0, 'title'], { do: 'set', value: 'First' });
    expect(model.outline.value.screens[0]?.title).toBe('First');

    type(model, model.text.value.indexOf('First'), 'Very ');
    await vi.waitFor(() => expect(model.outline.value.screens[0]?.title).toBe('Very First'));
  });

  it('is not in the outline between the keys of a person who types slowly', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const model = open();
    const title = () => model.outline.value.screens[0]?.title;
    for (const key of ['1', '2', '3', '4']) {
      type(model, model.text.value.indexOf('About'), key);
      await vi.advanceTimersByTimeAsync(600);
    }
    // The first key comes after a pause, so it has the shortest wait.
    expect(title()).toBe('1About you');
    await vi.advanceTimersByTimeAsync(600);
    expect(title()).toBe('1234About you');
  });

  it('has the ranges that a view replaces in its copy of the text', () => {
    const model = open();
    let copy = TEXT;
    const by: unknown[] = [];
    model.onChange((change) => {
      copy = applySplices(copy, change.splices);
      by.push(change.by);
    });
    type(model, 0, '#');
    model.change(['screens', 0, 'fields', 0, 'required'], { do: 'set', value: true });
    model.undo();
    model.redo();

    expect(copy).toBe(model.text.value);
    expect(by).toEqual([typist, 'view', 'undo', 'undo']);
  });
});

describe('undo', () => {
  it('gives the bytes back over all views, and redo makes the changes again', () => {
    const model = open();
    const texts = [model.text.value];
    const did = (act: () => void) => {
      act();
      texts.push(model.text.value);
    };
    did(() =>
      model.change(['screens', 0, 'fields', 1], { do: 'add', value: { id: 'city', type: 'text', label: 'City' } }),
    );
    did(() => type(model, 0, '# Note'));
    did(() => model.change(['screens', 0, 'fields', 0], { do: 'rename', to: 'full_name' }));
    did(() => model.change(['screens', 0, 'fields', 1], { do: 'move', to: ['screens', 0, 'fields', 0] }));
    did(() => model.change(['screens', 0, 'title'], { do: 'remove' }));

    for (const text of texts.toReversed().slice(1)) {
      model.undo();
      expect(model.text.value).toBe(text);
    }
    expect(model.canUndo.value).toBe(false);
    for (const text of texts.slice(1)) {
      model.redo();
      expect(model.text.value).toBe(text);
    }
    expect(model.canRedo.value).toBe(false);
  });

  it('takes back keys that follow each other at once, but one line after the other', () => {
    const model = open();
    type(model, 0, '# one');
    type(model, 5, '\n# two');

    model.undo();
    expect(model.text.value).toBe(`# one${TEXT}`);
    model.undo();
    expect(model.text.value).toBe(TEXT);
  });

  it('does not take a change of a panel back with keys that are typed after it', () => {
    const model = open();
    model.change(['title'], { do: 'set', value: 'Other' });
    const changed = model.text.value;
    type(model, changed.indexOf('Other'), 'My ');

    model.undo();

    expect(model.text.value).toBe(changed);
  });

  it('opens the part that was open before the change', () => {
    const model = open();
    model.selection.value = ['screens', 0, 'fields', 0];
    model.change(['screens', 0, 'fields', 0], { do: 'remove' }, ['screens', 0]);
    expect(model.selection.value).toEqual(['screens', 0]);

    model.undo();

    expect(model.selection.value).toEqual(['screens', 0, 'fields', 0]);
  });

  it('gives the bytes back after any mix of keys and changes', () => {
    const model = open();
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let step = 0; step < 300; step++) {
      const at = random(model.text.value.length + 1);
      const splice: Splice = { from: at, to: Math.min(at + random(3), model.text.value.length), insert: ['', 'a', 'é', '\n', '🌊 '][random(5)] ?? '' }; // prettier-ignore
      if (random(4)) model.replaceText([splice], typist);
      else if (random(2)) model.undo();
      else model.redo();
    }
    while (model.canUndo.value) model.undo();

    expect(model.text.value).toBe(TEXT);
  });
});

describe('opening and looking', () => {
  it('writes nothing', async () => {
    const services = server();
    const model = open(services);
    model.selection.value = ['screens', 0];
    expect(model.outline.value.screens).toHaveLength(1);
    expect(model.data.value).toMatchObject({ title: 'Plain' });
    await wait(30);

    expect(services.sent).toEqual([]);
    expect(services.kept).toEqual([]);
    expect(model.text.value).toBe(TEXT);
    expect(model.isUnsaved()).toBe(false);
  });

  it('works on a broken text too: its outline has the parts that can be read', () => {
    const model = open(server(), TEXT.replace('"About you"', '"About you'));

    expect(model.outline.value.hasSyntaxError).toBe(true);
    expect(model.text.value).toContain('"About you\n');
  });
});

describe('saving', () => {
  it('sends the typed text after a pause, once, with the revision that it is based on', async () => {
    const services = server();
    const model = open(services);
    type(model, 0, '# abc\n');
    await saved(model);

    expect(services.sent).toEqual([{ text: `# abc\n${TEXT}`, base: 1 }]);
    expect(model.saved.value).toEqual({ is: 'saved', at: '2026-11-27T14:02:00Z' });
    expect(services.kept.at(-1)).toBeUndefined();
  });

  it('sends a first change at once, and changes that follow it together', async () => {
    const services = { ...server(), pauseMs: 60_000 };
    const model = open(services);
    type(model, 0, 'a');
    await saved(model);
    type(model, 1, 'b');
    type(model, 2, 'c');
    expect(model.saved.value.is).toBe('saving');
    await model.saveNow();

    expect(services.sent.map(({ text }) => text.slice(0, 3))).toEqual(['a# ', 'abc']);
  });

  it('has one request at a time, and sends the text of that moment after it', async () => {
    const answers: (() => void)[] = [];
    let open_ = 0;
    const services = server(async (draft) => {
      expect(++open_).toBe(1);
      await new Promise<void>((resolve) => answers.push(resolve));
      open_--;
      return stored(draft);
    });
    const model = open(services);
    type(model, 0, 'a');
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    type(model, 1, 'b');
    await wait(20);
    type(model, 2, 'c');
    await wait(20);
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(model.saved.value.is).toBe('saving');
    answers[1]?.();
    await saved(model);

    expect(services.sent.map(({ text, base }) => [text.slice(0, 3), base])).toEqual([
      ['a# ', 1],
      ['abc', 2],
    ]);
  });

  it('keeps the text on the device while the server is away, and tries again until it is saved', async () => {
    let isAway = true;
    const services = server((draft) => (isAway ? AWAY : stored(draft)));
    const model = open(services);
    type(model, 0, '#');
    await vi.waitFor(() => expect(services.sent.length).toBeGreaterThan(2));
    expect(model.saved.value).toEqual(AWAY);
    expect(model.isUnsaved()).toBe(true);
    expect(services.kept.at(-1)).toEqual({ text: `#${TEXT}`, base: 1 });
    isAway = false;
    await saved(model);

    expect(new Set(services.sent.map(({ text, base }) => `${base} ${text}`)).size).toBe(1);
    expect(services.kept.at(-1)).toBeUndefined();
  });

  it('is saved at most five seconds after the server is back, however long it was away', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let isAway = true;
    const { send, device } = server((draft) => (isAway ? AWAY : stored(draft)));
    const model = open({ ...server(), send, device, retryMs: 1_000 });
    type(model, 0, '#');
    await vi.advanceTimersByTimeAsync(300_000);
    isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(model.saved.value.is).toBe('saved');
  });

  it('is saved at once when a member who is back asks for it, also while an earlier attempt waits for its answer', async () => {
    const answers: (() => void)[] = [];
    const services = server(async (draft, index) => {
      if (index > 1) return stored(draft);
      await new Promise<void>((resolve) => answers.push(resolve));
      return AWAY;
    });
    const model = open({ ...services, retryMs: 60_000 });
    type(model, 0, '#');
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.();
    await vi.waitFor(() => expect(model.saved.value.is).toBe('away'));
    void model.saveNow();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    const back = model.saveNow();
    answers[1]?.();
    await back;
    expect(model.saved.value.is).toBe('saved');
  });

  it('keeps the typed text on the device while the server is away', async () => {
    const services = server(() => AWAY);
    const model = open(services);
    type(model, 0, '#');
    await vi.waitFor(() => expect(model.saved.value.is).toBe('away'));
    type(model, 1, ' more');

    await vi.waitFor(() => expect(services.kept.at(-1)?.text).toBe(`# more${TEXT}`));
  });

  it('keeps the typed text on the device while the server does not answer, and not while it does', async () => {
    const answers: (() => void)[] = [];
    const services = server(async (draft) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return stored(draft);
    });
    const model = open({ ...services, keepMs: 40 });
    type(model, 0, '#');
    await vi.waitFor(() => expect(services.kept.at(-1)?.text).toBe(`#${TEXT}`));
    type(model, 1, ' more');
    await vi.waitFor(() => expect(services.kept.at(-1)?.text).toBe(`# more${TEXT}`));
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(services.kept.at(-1)).toEqual({ text: `# more${TEXT}`, base: 2 });
    answers[1]?.();
    await saved(model);
    expect(services.kept.at(-1)).toBeUndefined();
  });

  it('keeps a text that waits for its answer on the device when the page goes away', async () => {
    const services = server(async () => new Promise<SaveAnswer>(() => undefined));
    const model = open({ ...services, keepMs: 60_000 });
    type(model, 0, '#');
    model.keep();

    expect(services.kept).toEqual([{ text: `#${TEXT}`, base: 1 }]);
  });

  it('does not repeat a text that the server refuses, until it is changed', async () => {
    const services = server((draft, index) => (index ? stored(draft) : { is: 'refused', message: 'Too large.' }));
    const model = open(services);
    type(model, 0, '#');
    await vi.waitFor(() => expect(model.saved.value.is).toBe('refused'));
    await wait(30);
    expect(services.sent).toHaveLength(1);
    type(model, 1, '#');
    await saved(model);
  });

  it('is needed after an undo too', async () => {
    const services = server();
    const model = open(services);
    model.change(['title'], { do: 'set', value: 'Other' });
    await saved(model);
    model.undo();
    await vi.waitFor(() => expect(services.sent).toHaveLength(2));

    expect(services.sent[1]).toEqual({ text: TEXT, base: 2 });
  });

  it('shows the errors that the server finds, and mends the one whose remedy is exact', async () => {
    const fault = {
      line: 7,
      column: 28,
      message: 'field `name` has the unknown type "txt"',
      remedy: 'Write `type: text`.',
    };
    const services = server(
      (draft) => ({ ...stored(draft), faults: draft.text.includes('txt') ? [fault] : [] }) as SaveAnswer,
    );
    const model = open(services, TEXT.replace('type: text', 'type: txt'));
    type(model, 0, '#');
    await vi.waitFor(() => expect(model.faults.value).toHaveLength(1));
    const [shown] = model.faults.value;
    expect(shown?.isFixable).toBe(true);
    if (shown) model.fix(shown);

    expect(model.text.value).toBe(`#${TEXT}`);
    await vi.waitFor(() => expect(model.faults.value).toEqual([]));
  });
});

describe('a conflict', () => {
  const OTHER = {
    revision: 8,
    text: TEXT.replace('Plain', 'By Ben'),
    by: 'ben@acme.example',
    at: '2026-11-27T14:01:00Z',
  };
  const conflicting = () => server((draft, index) => (index ? stored(draft) : { is: 'conflict', other: OTHER }));

  async function inConflict(services: ReturnType<typeof server>): Promise<EditorModel> {
    const model = open(services);
    type(model, 0, '# mine\n');
    await vi.waitFor(() => expect(model.saved.value).toEqual({ is: 'conflict', other: OTHER }));
    return model;
  }

  it('saves nothing until the member chooses, and keeps the typed text on the device', async () => {
    const services = conflicting();
    const model = await inConflict(services);
    type(model, 7, '# more\n');
    await vi.waitFor(() => expect(services.kept.at(-1)?.text).toBe(`# mine\n# more\n${TEXT}`));
    await model.saveNow();

    expect(services.sent).toHaveLength(1);
    expect(model.saved.value.is).toBe('conflict');
  });

  it('ends with my text, which is based on the other one then', async () => {
    const services = conflicting();
    const model = await inConflict(services);
    model.resolve('mine');
    await saved(model);

    expect(services.sent.at(-1)).toEqual({ text: `# mine\n${TEXT}`, base: 8 });
  });

  it('ends with the saved text, and undo brings mine back', async () => {
    const services = conflicting();
    const model = await inConflict(services);
    model.resolve('other');
    await saved(model);
    expect(model.text.value).toBe(OTHER.text);
    model.undo();

    expect(model.text.value).toBe(`# mine\n${TEXT}`);
  });

  it('comes with a text that the device has kept, where another change was saved since', async () => {
    const services = server((draft) => (draft.base === 1 ? { is: 'conflict', other: OTHER } : stored(draft)));
    const model = createModel({ text: OTHER.text, revision: 8, savedAt: undefined, faults: [] }, services);
    onTestFinished(() => model.stop());
    model.takeText(`# kept\n${TEXT}`, 1);

    await vi.waitFor(() => expect(model.saved.value.is).toBe('conflict'));
    expect(model.text.value).toBe(`# kept\n${TEXT}`);
    model.undo();
    expect(model.text.value).toBe(OTHER.text);
  });

  it('does not come with a text of this page that was stored, but whose answer was lost', async () => {
    let draft: DraftToSave & { revision: number } = { text: TEXT, base: 0, revision: 1 };
    const services = server((sent, index) => {
      const isStored = sent.base === draft.revision;
      if (!isStored && sent.text !== draft.text) return { is: 'conflict', other: { ...OTHER, ...draft } };
      if (isStored) draft = { ...sent, revision: sent.base + 1 };
      return index ? { ...stored(sent), revision: draft.revision } : AWAY;
    });
    const model = open({ ...services, retryMs: 100 });
    type(model, 0, 'a');
    await vi.waitFor(() => expect(model.saved.value.is).toBe('away'));
    type(model, 1, 'b');
    const states = new Set<string>();
    effect(() => void states.add(model.saved.value.is));
    await saved(model);

    expect(draft).toMatchObject({ text: `ab${TEXT}`, revision: 3 });
    expect(states).not.toContain('conflict');
  });

  it('does not come with a kept text that is used while a change is being saved, and that text is saved too', async () => {
    let answer = (): void => undefined;
    const services = server(async (draft, index) => {
      if (!index) await new Promise<void>((resolve) => (answer = resolve));
      return stored(draft);
    });
    const model = open(services);
    type(model, 0, '# typed\n');
    await vi.waitFor(() => expect(services.sent).toHaveLength(1));
    model.takeText(`# kept\n${TEXT}`, 1);
    await wait(20);
    answer();
    await saved(model);

    expect(services.sent.at(-1)).toEqual({ text: `# kept\n${TEXT}`, base: 2 });
  });
});
