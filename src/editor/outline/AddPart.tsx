/** The small forms that add a part: by its title, or from the clipboard. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { useEditor } from '../context.tsx';
import { nameAt, screensOf } from '../form-data.ts';
import { SelectControl, TextControl, unadded } from '../panels/controls.tsx';
import { addEnding, addField, addScreen, addWinkScreen, type OutlineEdit } from './operations.ts';

export type Adding = 'question' | 'screen' | 'ending';

interface AddPartProps {
  kind: Adding;
  selected: Path | undefined;
  /** Whether the place of a new question is chosen already: behind `selected`. */
  isPlaced?: boolean;
  onAdd: (edit: OutlineEdit) => void;
  onClose: () => void;
}

export function AddPart({ kind, selected = [], isPlaced, onAdd, onClose }: AddPartProps) {
  const { form, guide } = useEditor();
  const { data } = form.value;
  const screens = screensOf(data);
  const [list, at] = selected;
  const here = list === 'screens' ? Number(at) : undefined;
  const free = screens.flatMap((screen, index) => (screen['wink'] ? [] : [index]));
  const place = useRef<HTMLFormElement>(null);
  const [title, setTitle] = useState('');
  const [type, setType] = useState(kind === 'screen' ? 'questions' : 'text');
  const [screen, setScreen] = useState(String(here !== undefined && free.includes(here) ? here : (free.at(-1) ?? '')));
  const [isTried, setTried] = useState(false);
  const missing = !title.trim() ? `Enter the ${kind === 'question' ? kind : 'title'}.` : kind === 'question' && !screen ? 'Add a screen for questions first.' : undefined; // prettier-ignore
  useLayoutEffect(() => {
    place.current?.querySelector('input')?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  function add(): void {
    // The field itself: a person who types fast presses Enter before the last key is in the state.
    const input = place.current?.querySelector('input');
    const name = (input?.value ?? title).trim();
    if (!name || (kind === 'question' && !screen)) {
      setTried(true);
      return input?.focus();
    }
    if (kind === 'ending') return onAdd(addEnding(data, name, list === 'endings' ? Number(at) : undefined));
    if (kind === 'screen') return onAdd((type === 'wink' ? addWinkScreen : addScreen)(data, name, here));
    const newType = guide.types.find((one) => one.type === type);
    const isHere = selected[2] === 'fields' && String(here) === screen;
    if (newType) onAdd(addField(data, Number(screen), newType, name, isHere ? Number(selected[3]) : undefined));
  }

  return (
    <form
      class="add-part card"
      data-unadded={unadded(title)}
      ref={place}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextControl label={kind === 'question' ? 'New question' : `Title of the new ${kind}`} value={title} error={isTried ? missing : undefined} onType={setTitle} />
      {kind === 'question' && (
        <>
          <SelectControl
            label="Kind of answer"
            value={type}
            choices={guide.types.map((one) => ({ value: one.type, label: one.name, group: one.group }))}
            onChange={setType}
          />
          {!isPlaced && (
            <SelectControl
              label="Screen"
              value={screen}
              choices={free.map((index) => ({ value: String(index), label: titleAt(data, index) }))}
              onChange={setScreen}
            />
          )}
        </>
      )}
      {kind === 'screen' && (
        <SelectControl
          label="Kind of screen"
          value={type}
          choices={[
            { value: 'questions', label: 'Questions or text' },
            { value: 'wink', label: 'Work account' },
          ]}
          onChange={setType}
        />
      )}
      <div class="row">
        <button class="button">
          Add {kind}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  ); // prettier-ignore
}

const titleAt = (data: Parameters<typeof nameAt>[0], at: number): string =>
  `${at + 1} ${nameAt(data, ['screens', at])}`;

/** A place to paste, for browsers and phones without the keys for it. */
export function PastePart({ onPaste, onClose }: { onPaste: (text: string) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  return (
    <div class="add-part card" data-unadded={unadded(text)}>
      <TextControl label="A copied question, screen or ending" isLong value={text} onType={setText} />
      <div class="row">
        <button type="button" class="button" onClick={() => onPaste(text)}>
          Add it
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </div>
  );
}
