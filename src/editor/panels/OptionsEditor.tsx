/** The options of a question: a row each, and all of them as lines to paste. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { STARTING_OPTIONS } from '../../form/starting-values.ts';
import { useEditor } from '../context.tsx';
import { listOf, mapOf } from '../form-data.ts';
import type { TypedChange } from '../model/typing.ts';
import { dependentsInWords, dependentsOf, removalOf } from '../outline/dependents.ts';
import { AskDialog } from '../outline/AskDialog.tsx';
import { RemoveIcon } from '../outline/icons.tsx';
import { MoveButtons } from '../outline/MoveButtons.tsx';
import { TextControl, unadded } from './controls.tsx';
import { TextCard } from './TextCard.tsx';
import { linesOfOptions, newOption, optionOf, pasteOptions, renameOption } from './options.ts';

/** @param path the path of the question */
export function OptionsEditor({ path }: { path: Path }) {
  const editor = useEditor();
  const { model, form, languages } = editor;
  const language = languages.value[0] ?? 'en';
  const { data } = form.value;
  const place = [...path, 'options'];
  const options = listOf(valueIn(data, place));
  const [isPasting, setPasting] = useState(false);
  const [removing, setRemoving] = useState<number>();
  const [label, setLabel] = useState('');
  const field = useRef<HTMLInputElement>(null);

  function add(typed = label, isLeft = false): void {
    if (!isLeft) field.current?.focus();
    const text = typed.trim();
    // An invented text would stay the value of the option, also after the author has written another one.
    if (!text) return;
    const value = newOption(valueIn(data, place), text);
    const done = options.length
      ? model.change([...place, options.length], { do: 'add', value })
      : model.change(place, { do: 'set', value: [value] });
    if (done) setLabel('');
  }

  function remove(at: number, isSure = false): void {
    const dependents = dependentsOf(data, [...place, at]);
    if (dependents.length && !isSure) return setRemoving(at);
    setRemoving(undefined);
    model.changeAll(removalOf(data, [...place, at], dependents));
  }

  const removed = removing === undefined ? undefined : [...place, removing];
  return (
    <fieldset class="control">
      <legend>Options</legend>
      <ol class="options">
        {options.map((option, at) => (
          <li key={at} class="option">
            <OptionText path={[...place, at]} option={option} language={language} number={at + 1} />
            <div class="small-acts">
              <MoveButtons row="option" at={at} count={options.length} onMove={(to) => model.change([...place, at], { do: 'move', to: [...place, to] })} />
              <button type="button" class="icon" disabled={options.length === 1} aria-label={`Remove option ${at + 1}`} onClick={() => remove(at)}><RemoveIcon /></button>
            </div>
          </li>
        ))}
      </ol>
      <div class="row add-option" data-unadded={unadded(label)}>
        <input
          ref={field}
          aria-label="New option"
          placeholder="New option"
          value={label}
          dir="auto"
          onInput={(event) => setLabel(event.currentTarget.value)}
          // As other fields give their text. A window that is left keeps its focus, and the word goes on later.
          onBlur={({ currentTarget, relatedTarget }) => {
            const isKept = document.activeElement === currentTarget || currentTarget.parentElement?.contains(relatedTarget as Node | null);
            if (!isKept) add(currentTarget.value, true);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add(event.currentTarget.value);
          }}
        />
        <button type="button" class="button" onClick={() => add()}>Add option</button>
        <button type="button" class="quiet" aria-expanded={isPasting} onClick={() => setPasting(!isPasting)}>Paste a list</button>
      </div>
      {isPasting && <PasteOptions path={path} onDone={() => setPasting(false)} />}
      {removed && (
        <AskDialog
          title={`Remove “${optionOf(valueIn(data, removed), language).label}”?`}
          action="Remove"
          onClose={() => setRemoving(undefined)}
          onDo={() => remove(removing ?? 0, true)}
        >
          <p>{dependentsInWords(dependentsOf(data, removed))}. Flipsite removes that too.</p>
        </AskDialog>
      )}
    </fieldset>
  ); // prettier-ignore
}

interface OptionTextProps {
  path: Path;
  option: Value;
  language: string;
  number: number;
}

/** The label of an option in the first language. *Languages* has the others. */
function OptionText({ path, option, language, number }: OptionTextProps) {
  const editor = useEditor();
  const { label } = optionOf(option, language);
  if (typeof option !== 'string' && typeof option !== 'object')
    return <TextCard path={path} label={`Option ${number}`} />;
  const isTranslated = Object.keys(mapOf(mapOf(option)['label'])).length > 0;
  const changeTo = (text: string): [Path, TypedChange] => {
    if (typeof option === 'string') return [path, { do: 'set', value: renameOption(editor.form.value.data, path, option, text) }]; // prettier-ignore
    return [[...path, 'label'], isTranslated ? { do: 'translate', language, text } : { do: 'set', value: text }];
  };
  // The first letters of a label would become the value of such an option.
  const isTyped = !STARTING_OPTIONS.includes(String(option));
  return (
    <TextControl
      label={`Option ${number}`}
      value={label}
      lang={language}
      onType={isTyped ? (text) => text.trim() && editor.model.type(...changeTo(text)) : undefined}
      onCommit={(text) => text.trim() && editor.model.change(...changeTo(text))}
    />
  );
}

function PasteOptions({ path, onDone }: { path: Path; onDone: () => void }) {
  const { model, form, languages } = useEditor();
  const language = languages.value[0] ?? 'en';
  const { data } = form.value;
  const options = [...path, 'options'];
  const [before] = useState(() => linesOfOptions(valueIn(data, options), language));
  const [lines, setLines] = useState(before);
  const pasted = pasteOptions(data, path, lines, language);
  const place = useRef<HTMLDivElement>(null);
  // A pasted list replaces the one that is there.
  useEffect(() => {
    const field = place.current?.querySelector('textarea');
    field?.focus();
    field?.select();
  }, []);
  return (
    <div class="paste" data-unadded={unadded(lines, before)} ref={place}>
      <TextControl
        label="One option a line"
        help="A line can have a value before the text: `manila | Metro Manila`. You can paste two columns of a sheet."
        value={lines}
        isLong
        onType={setLines}
      />
      {pasted.doubles.length > 0 && <p class="dim">Left out because they are there twice: {pasted.doubles.join(', ')}.</p>}
      {pasted.inUse.length > 0 && (
        <div class="trouble" role="alert">
          <p>These options are gone, and parts of the form use them:</p>
          <ul class="plain">
            {pasted.inUse.map(({ label, uses }) => (
              <li key={label}>
                {label}: {uses}
              </li>
            ))}
          </ul>
          <p>Add them to the list, or change those parts first.</p>
        </div>
      )}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={!pasted.options.length || pasted.inUse.length > 0}
          onClick={() => model.change(options, { do: 'set', value: pasted.options }) && onDone()}
        >
          {pasted.options.length === 1 ? 'Use this option' : `Use these ${pasted.options.length} options`}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </div>
  ); // prettier-ignore
}
