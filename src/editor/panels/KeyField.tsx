/** One key of a part, with the control that its schema asks for. */
import type { KeyGuide } from '../../form/docs/guide.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor, useValue } from '../context.tsx';
import { listOf, mapOf } from '../form-data.ts';
import { sameInWords } from '../languages/texts.ts';
import { nameOfLanguage } from '../../form/wording/language-names.ts';
import { ConditionEditor } from '../rules/ConditionEditor.tsx';
import { NumberControl, SelectControl, TextControl, TickControl, TicksControl } from './controls.tsx';
import { OptionsEditor } from './OptionsEditor.tsx';
import { setKey } from './set-key.ts';
import { TextCard } from './TextCard.tsx';
import { helpOf, nameOfChoice, nameOfKey } from './words.ts';

interface KeyFieldProps {
  /** The path of the part that has the key. */
  path: Path;
  guide: KeyGuide;
  /** The kind of part, if it has its own names for some keys. */
  owner?: string;
  label?: string;
  /** Whether its help is left out. */
  isQuiet?: boolean;
  /** Whether its texts have several lines. */
  isLong?: boolean;
}

export function KeyField({
  path,
  guide,
  owner = '',
  label = nameOfKey(guide.key, owner),
  isQuiet,
  isLong,
}: KeyFieldProps) {
  const editor = useEditor();
  const { key, control, isRequired } = guide;
  const place = [...path, key];
  const value = useValue(place);
  const help = isQuiet ? undefined : helpOf(guide, owner);
  const set = (next: Value | undefined) => setKey(editor, path, key, next);

  if (!canShow(value, control.kind)) return <TextCard path={place} label={label} />;
  switch (control.kind) {
    case 'texts':
      return <TextsField {...{ path, label, help, isRequired, isLong }} name={key} />;
    case 'text':
      return (
        <TextControl
          {...{ label, help }}
          value={value === undefined || value === null ? '' : String(value)}
          // A copied address often has a space at its end, which is invisible.
          onCommit={(text) => set(text.trim() || isRequired ? likeBefore(value, text.trim()) : undefined)}
        />
      );
    case 'yes_no':
      return <TickControl {...{ label, help }} value={value === true} onChange={(next) => set(next || undefined)} />;
    case 'number':
      return (
        <NumberControl {...{ label, help }} value={value === undefined ? '' : String(value)} isWhole={control.isWhole} onChange={set} /> // prettier-ignore
      );
    case 'choice':
      return (
        <SelectControl
          {...{ label, help }}
          value={String(value ?? control.usual ?? '')}
          choices={control.choices.map((one) => ({ value: one, label: nameOfChoice(key, one) }))}
          empty={isRequired || control.usual !== undefined ? undefined : '–'}
          onChange={(next) => set(next || undefined)}
        />
      );
    case 'choices':
      // The text may have choices that the editor does not offer, such as media types.
      return (
        <TicksControl
          {...{ label, help }}
          values={listOf(value).map(String)}
          choices={[...new Set([...control.choices, ...listOf(value).map(String)])].map((one) => ({
            value: one,
            label: nameOfChoice(key, one),
          }))}
          onChange={(next) => set(next.length ? next : undefined)}
        />
      );
    case 'list':
      return (
        <TextControl
          label={`${label}, one a line`}
          help={help}
          isLong
          value={(typeof value === 'string' ? [value] : listOf(value).map(String)).join('\n')}
          onCommit={(text) => {
            const lines = text.split('\n').map((line) => line.trim()).filter(Boolean); // prettier-ignore
            set(lines.length ? lines : undefined);
          }}
        />
      );
    case 'extra':
      return <ExtraField {...{ path, label, help }} name={key} />;
    case 'options':
      return <OptionsEditor path={path} />;
    case 'condition':
      return <ConditionEditor path={path} name={key} label={label} />;
    case 'map':
      return (
        <fieldset class="control nested">
          <legend>{label}</legend>
          {control.keys.map((one) => (
            <KeyField key={one.key} path={place} guide={one} owner={key} />
          ))}
        </fieldset>
      );
    case 'other':
      if (key === 'default') return <DefaultField path={path} label={label} help={help} />;
      return <TextCard path={place} label={label} />;
    default:
      return control satisfies never;
  }
}

/** Whether a control of a kind can show `value`. Any other value stays as it is, and is shown as text. */
function canShow(value: Value | undefined, kind: KeyGuide['control']['kind']): boolean {
  if (value === undefined || value === null) return true;
  const isMap = typeof value === 'object' && !Array.isArray(value);
  const areTexts = isMap && Object.values(value).every((one) => typeof one === 'string' || one === null);
  switch (kind) {
    case 'texts':
      return typeof value === 'string' || areTexts;
    case 'extra':
      return typeof value === 'string' || typeof value === 'boolean' || areTexts;
    case 'text':
    case 'number':
    case 'choice':
    case 'yes_no':
      return typeof value !== 'object';
    case 'list':
    case 'choices':
      return (typeof value === 'string' && kind === 'list') || (Array.isArray(value) && value.every((one) => typeof one !== 'object')); // prettier-ignore
    case 'options':
      return Array.isArray(value);
    case 'condition':
    case 'map':
      return isMap;
    case 'other':
      return true;
  }
}

/** A number stays a number, if the key takes both. */
const likeBefore = (before: Value | undefined, text: string): Value =>
  typeof before === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

interface TextsFieldProps {
  path: Path;
  name: string;
  label: string;
  help?: string | undefined;
  isRequired?: boolean | undefined;
  isLong?: boolean;
}

/** A text, or one for each language of the form. */
export function TextsField({ path, name, label, help, isRequired, isLong }: TextsFieldProps) {
  const editor = useEditor();
  const languages = editor.languages.value;
  const place = [...path, name];
  const value = useValue(place);
  const texts = mapOf(value);
  const same = typeof value === 'string' ? value : undefined;
  const long = isLong || ['text', 'help', 'description'].includes(name);
  const shown = languages.length > 1 || Object.keys(texts).length > 1 ? [...new Set([...languages, ...Object.keys(texts)])] : [languages[0] ?? 'en']; // prettier-ignore

  const type = (language: string, text: string) => {
    // Removing a text needs the current data, with the last keys.
    if (text === '') editor.model.finishTyping();
    const now = valueIn(editor.model.data.peek() ?? editor.form.peek().data, place);
    const isOne = typeof now !== 'object' || now === null;
    if (text === '' && !isRequired && isOne) return void setKey(editor, path, name, undefined);
    if (text === '' && !isOne && language !== languages[0]) return void editor.model.change([...place, language], { do: 'remove' }); // prettier-ignore
    if (isOne && shown.length === 1) return editor.model.type(place, { do: 'set', value: text });
    return editor.model.type(place, { do: 'translate', language, text });
  };
  return (
    <>
      {shown.map((language, at) => (
        <TextControl
          key={language}
          label={shown.length > 1 ? `${label} (${nameOfLanguage(language)})` : label}
          help={[sameInWords(texts, languages[0], language), at === shown.length - 1 && help].filter(Boolean).join(' ')}
          lang={language}
          isLong={long}
          isUnfinished={same === undefined && !!value && !texts[language]}
          value={same === undefined ? String(texts[language] ?? '') : at ? '' : same}
          placeholder={at && same !== undefined ? same : undefined}
          onType={(text) => type(language, text)}
        />
      ))}
    </>
  );
}

/** A key that is on with Flipsite's own words, or with the author's. */
function ExtraField({ path, name, label, help }: Omit<TextsFieldProps, 'isRequired'>) {
  const editor = useEditor();
  const value = useValue([...path, name]);
  const isOn = value !== undefined && value !== false && value !== null;
  return (
    <>
      <TickControl
        {...{ label, help }}
        value={isOn}
        onChange={(next) => setKey(editor, path, name, next ? true : undefined)}
      />
      {isOn && value !== true && <TextsField {...{ path, name }} label="Its text" isRequired />}
      {value === true && (
        <button type="button" class="quiet" onClick={() => setKey(editor, path, name, 'Other')}>
          Write another text for it
        </button>
      )}
    </>
  );
}

/** The default answer: one of the possible ones, if there are few. */
function DefaultField({ path, label, help }: { path: Path; label: string; help: string | undefined }) {
  const editor = useEditor();
  const place = [...path, 'default'];
  const value = useValue(place);
  const id = useValue([...path, 'id']);
  const question = editor.questions.value.find((one) => one.id === id);
  const set = (next: Value | undefined) => setKey(editor, path, 'default', next);
  const isPlain = value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
  if (!question || !isPlain || !['text', 'number', 'boolean', 'date'].includes(question.kind)) return <TextCard path={place} label={label} />; // prettier-ignore
  if (question.answers) {
    return (
      <SelectControl
        {...{ label, help }}
        value={value === undefined ? '' : JSON.stringify(value)}
        choices={question.answers.map((one) => ({ value: JSON.stringify(one.value), label: one.label }))}
        empty="No answer"
        onChange={(next) => set(next ? (JSON.parse(next) as Value) : undefined)}
      />
    );
  }
  const text = value === undefined ? '' : String(value);
  if (question.kind === 'number')
    return <NumberControl {...{ label, help }} value={text} isWhole={false} onChange={set} />;
  return <TextControl {...{ label, help }} value={text} onCommit={(next) => set(next || undefined)} />;
}
