/** The id of a part. A change also changes each reference to it. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { capitalize } from '../../form/capitalize.ts';
import { useEditor } from '../context.tsx';
import { inEditorWords } from '../faults/fault-words.ts';
import { idOf } from '../form-data.ts';
import { TextControl } from './controls.tsx';
import { nameOfKey } from './words.ts';

export function IdField({ path }: { path: Path }) {
  const { model, form } = useEditor();
  const [error, setError] = useState<string>();
  const id = idOf(valueIn(form.value.data, path));
  return (
    <TextControl
      label={nameOfKey('id')}
      help="Rules, texts and examples that use it follow. In a published form, answers stay under the old name."
      value={id}
      error={error}
      onCommit={(to) => {
        setError(undefined);
        if (model.change(path, { do: 'rename', to: to.trim() })) return;
        const refusal = model.refusal.value;
        model.refusal.value = undefined;
        const inWords = (text: string) => inEditorWords(text, form.value.data);
        if (refusal) setError(`${capitalize(inWords(refusal.message))}. ${inWords(refusal.remedy)}`);
      }}
    />
  );
}
