/** The panel of a question. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import type { TypeGuide } from '../../form/docs/guide.ts';
import { useEditor, useValue } from '../context.tsx';
import { mapOf } from '../form-data.ts';
import { AskDialog } from '../outline/AskDialog.tsx';
import { SelectControl } from './controls.tsx';
import { changeType, type TypeChange } from './change-type.ts';
import { IdField } from './IdField.tsx';
import { KeyField } from './KeyField.tsx';
import { TextCard } from './TextCard.tsx';
import { nameOfKey } from './words.ts';

/** The keys that a panel shows first, in this order. */
const FIRST = ['label', 'text', 'help', 'type', 'required', 'options', 'other', 'none_of_these', 'value', 'currency'];
/** Keys with a place of their own. */
const OWN = ['id', 'show_when', 'sensitive'];

export function FieldPanel({ path }: { path: Path }) {
  const { guide } = useEditor();
  const field = mapOf(useValue(path));
  const type = guide.types.find((one) => one.type === field['type']);
  const keys = type?.keys ?? [];
  const keyOf = (name: string) => keys.find(({ key }) => key === name);
  const rest = keys.filter(({ key }) => !FIRST.includes(key) && !OWN.includes(key));
  const unknown = type ? Object.keys(field).filter((key) => !keyOf(key) && key !== 'type') : [];
  const [condition, sensitive] = [keyOf('show_when'), keyOf('sensitive')];
  // It would close with a field that a person has just emptied.
  const [isOpen] = useState(rest.some(({ key }) => field[key] !== undefined));
  return (
    <>
      {FIRST.map((name) => {
        const guided = keyOf(name);
        if (name === 'type') return <TypeControl key={name} path={path} type={type} />;
        return guided && <KeyField key={name} path={path} guide={guided} isQuiet={['label', 'help'].includes(name)} isLong={type?.type === 'consent'} label={name === 'text' ? 'Text' : undefined} />; // prettier-ignore
      })}
      {condition && <KeyField path={path} guide={condition} />}
      {sensitive && <KeyField path={path} guide={sensitive} />}
      {unknown.map((key) => (
        <TextCard key={key} path={[...path, key]} label={`The key “${key}”`} />
      ))}
      <details class="more" open={isOpen}>
        <summary>More</summary>
        <div class="controls">
          {rest.map((one) => (
            <KeyField key={one.key} path={path} owner={type?.type} guide={one} />
          ))}
          <IdField path={path} />
        </div>
      </details>
    </>
  );
}

function TypeControl({ path, type }: { path: Path; type: TypeGuide | undefined }) {
  const { model, form, guide } = useEditor();
  const [wanted, setWanted] = useState<{ type: string } & TypeChange>();
  const current = useValue([...path, 'type']);
  const nameOf = (one: string) => guide.types.find((other) => other.type === one)?.name ?? one;
  return (
    <>
      <SelectControl
        label={nameOfKey('type')}
        help={
          type
            ? (type.plainAbout ?? type.about).replace(/`(\w+)`/g, (written, one: string) =>
                nameOf(one) === one ? written : `“${nameOf(one)}”`,
              )
            : 'Choose a kind of answer. Then this panel has the other settings.'
        }
        value={typeof current === 'string' ? current : ''}
        choices={guide.types.map((one) => ({ value: one.type, label: one.name, group: one.group }))}
        onChange={(next) => {
          const change = changeType(form.value.data, path, next, guide);
          if (change.lost.length) setWanted({ type: next, ...change });
          else model.changeAll(change.changes);
        }}
      />
      {wanted && (
        <AskDialog
          title={`Change it to “${nameOf(wanted.type)}”?`}
          action="Change"
          onClose={() => setWanted(undefined)}
          onDo={() => {
            setWanted(undefined);
            model.changeAll(wanted.changes);
          }}
        >
          <p>This kind of answer does not have these settings, so they are removed:</p>
          <ul class="plain">
            {wanted.lost.map((key) => (
              <li key={key}>{nameOfKey(key)}</li>
            ))}
          </ul>
        </AskDialog>
      )}
    </>
  );
}
