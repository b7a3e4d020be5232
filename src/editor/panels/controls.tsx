/** The controls of panels. Each has a label and its help, and reports only changed values. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useEditor } from '../context.tsx';
import { readTypedNumber } from './read-typed-number.ts';

interface Labelled {
  label: string;
  help?: string | undefined;
}

/**
 * A text while a person types it. While the field has the focus, only its own keys change it: a late render would undo
 * the last keys. A change from elsewhere, such as undo, removes the focus first.
 */
function useDraft(value: string) {
  const [draft, setDraft] = useState(value);
  const hasFocus = useRef(false);
  useEffect(() => {
    if (!hasFocus.current) setDraft(value);
  }, [value]);
  return { draft, setDraft, hasFocus };
}

export function Labelling({
  label,
  help,
  children,
}: Labelled & { children: (ids: { id: string; help: string | undefined }) => ComponentChildren }) {
  const id = useId();
  const helpId = help ? `${id}-help` : undefined;
  return (
    <div class="control">
      <label for={id}>{label}</label>
      {children({ id, help: helpId })}
      {help && (
        <small id={helpId}>
          <WithCode text={help} />
        </small>
      )}
    </div>
  );
}

/** The value of `data-unadded`, which marks a text that the form does not have yet. The editor asks before the page is left. */
export const unadded = (text: string, before = ''): true | undefined => text.trim() !== before.trim() || undefined;

interface TextProps extends Labelled {
  value: string;
  /** Whether `value` has each key at once, and changes while the field has the focus. */
  isState?: boolean;
  /** Called with each key. */
  onType?: (text: string) => unknown;
  /** Called when the person leaves the field or presses Enter, with a text that is new. An empty result gives `value` back. */
  onCommit?: (text: string) => unknown;
  isLong?: boolean;
  lang?: string;
  /** Whether its translation is missing or old. */
  isUnfinished?: boolean;
  placeholder?: string | undefined;
  inputMode?: 'decimal' | 'numeric' | 'email' | 'url';
  error?: string | undefined;
}

export function TextControl({
  label,
  help,
  value,
  isState,
  onType,
  onCommit,
  isLong,
  lang,
  isUnfinished,
  placeholder,
  inputMode,
  error,
}: TextProps) {
  const { draft, setDraft, hasFocus } = useDraft(value);
  const committed = useRef(value);
  useEffect(() => void (committed.current = value), [value]);
  const { model } = useEditor();
  useEffect(() => () => void (model.isInField.value = false), []);
  const commit = (text: string) => {
    model.isInField.value = false;
    if (text === committed.current) return;
    committed.current = text;
    if (onCommit?.(text) !== '') return;
    setDraft(value);
    committed.current = value;
  };
  return (
    <Labelling {...{ label, help }}>
      {(ids) => {
        const common = {
          id: ids.id,
          value: isState ? value : draft,
          dir: 'auto' as const,
          lang,
          placeholder,
          'data-unfinished': isUnfinished ? '' : undefined,
          'aria-describedby': [ids.help, error && `${ids.id}-error`].filter(Boolean).join(' ') || undefined,
          'aria-invalid': error ? true : undefined,
          onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
            setDraft(currentTarget.value);
            onType?.(currentTarget.value);
            if (!onType) model.isInField.value = currentTarget.value !== committed.current;
          },
          onFocus: () => void (hasFocus.current = true),
          onBlur: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
            hasFocus.current = false;
            model.finishTyping();
            commit(currentTarget.value);
          },
        };
        return (
          <>
            {isLong ? (
              <textarea {...common} rows={Math.min(8, Math.max(2, draft.split('\n').length))} />
            ) : (
              <input
                {...common}
                type="text"
                inputMode={inputMode}
                autocomplete="off"
                onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
              />
            )}
            {error && (
              <small class="bad" id={`${ids.id}-error`}>
                {error}
              </small>
            )}
          </>
        );
      }}
    </Labelling>
  );
}

export function TickControl({
  label,
  help,
  value,
  onChange,
}: Labelled & { value: boolean; onChange: (value: boolean) => void }) {
  const id = useId();
  return (
    <div class="control check">
      <input
        type="checkbox"
        id={id}
        checked={value}
        aria-describedby={help && `${id}-help`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {help && (
        <small id={`${id}-help`}>
          <WithCode text={help} />
        </small>
      )}
    </div>
  );
}

export interface SelectOption {
  value: string;
  label: string;
  group?: string;
}

/** Options of a select, in their groups. */
export function SelectOptions({ choices }: { choices: readonly SelectOption[] }) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  return (
    <>
      {groups.map((group) => {
        const options = choices.filter((one) => one.group === group).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        )); // prettier-ignore
        return group ? (
          <optgroup key={group} label={group}>
            {options}
          </optgroup>
        ) : (
          options
        );
      })}
    </>
  );
}

/** @param empty the name of the choice that leaves the key out; absent if a choice is required */
export function SelectControl({
  label,
  help,
  value,
  choices,
  empty,
  onChange,
}: Labelled & {
  value: string;
  choices: readonly SelectOption[];
  empty?: string | undefined;
  onChange: (value: string) => void;
}) {
  const known = choices.some((one) => one.value === value);
  return (
    <Labelling {...{ label, help }}>
      {(ids) => (
        <select
          id={ids.id}
          aria-describedby={ids.help}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {!known && value !== '' && <option value={value}>{value}</option>}
          <SelectOptions choices={choices} />
        </select>
      )}
    </Labelling>
  );
}

export function RadioControl({
  label,
  help,
  value,
  choices,
  onChange,
}: Labelled & { value: string; choices: readonly SelectOption[]; onChange: (value: string) => void }) {
  const name = useId();
  return (
    <fieldset class="control">
      <legend>{label}</legend>
      {choices.map((one) => (
        <label class="check" key={one.value}>
          <input type="radio" name={name} checked={one.value === value} onChange={() => onChange(one.value)} />
          <span>{one.label}</span>
        </label>
      ))}
      {help && (
        <small>
          <WithCode text={help} />
        </small>
      )}
    </fieldset>
  );
}

export function TicksControl({
  label,
  help,
  values,
  choices,
  onChange,
}: Labelled & { values: readonly string[]; choices: readonly SelectOption[]; onChange: (values: string[]) => void }) {
  return (
    <fieldset class="control">
      <legend>{label}</legend>
      <div class="ticks">
        {choices.map((one) => (
          <label class="check" key={one.value}>
            <input
              type="checkbox"
              checked={values.includes(one.value)}
              onChange={
                (event) =>
                // Keeps the former order of the choices, so that only one of them changes in the text.
                onChange(event.currentTarget.checked ? [...values, one.value] : values.filter((value) => value !== one.value)) // prettier-ignore
              }
            />
            <span>{one.label}</span>
          </label>
        ))}
      </div>
      {help && (
        <small>
          <WithCode text={help} />
        </small>
      )}
    </fieldset>
  );
}

export function NumberControl({
  label,
  help,
  value,
  isWhole,
  onChange,
}: Labelled & { value: string; isWhole: boolean; onChange: (value: number | undefined) => void }) {
  const [error, setError] = useState<string>();
  // The field shows a new value, such as the one of undo, in the place of the wrong number.
  useEffect(() => setError(undefined), [value]);
  return (
    <TextControl
      {...{ label, help, value, error }}
      inputMode={isWhole ? 'numeric' : 'decimal'}
      onCommit={(text) => {
        const number = readTypedNumber(text);
        const isGood = text.trim() === '' || (Number.isFinite(number) && (!isWhole || Number.isInteger(number)));
        setError(isGood ? undefined : `Enter a ${isWhole ? 'whole ' : ''}number, like 1500.`);
        if (isGood) onChange(text.trim() === '' ? undefined : number);
      }}
    />
  );
}

/** A sentence with its `code` in the font of code. */
export const WithCode = ({ text }: { text: string }) => (
  <>{text.split('`').map((piece, at) => (at % 2 ? <code key={at}>{piece}</code> : piece))}</>
);
