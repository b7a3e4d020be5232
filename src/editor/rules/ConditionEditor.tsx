/** A condition of a question, such as `show_when`, as a sentence. */
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import { TickControl } from '../panels/controls.tsx';
import { setKey } from '../panels/set-key.ts';
import { ClauseEditor } from './ClauseEditor.tsx';
import { firstClause, namesFor, questionsBefore } from './questions.ts';
import { readSentence, wordsOfCondition, writeCondition } from './sentence.ts';

/** @param path the question that has the condition */
export function ConditionEditor({ path, name, label }: { path: Path; name: string; label: string }) {
  const editor = useEditor();
  const { data } = editor.form.value;
  const all = editor.questions.value;
  const place = [...path, name];
  const when = valueIn(data, place);
  const questions = questionsBefore(data, path, all);
  const sentence = readSentence(when);
  const last = questions.at(-1);
  if (when === undefined && !last) return null;
  return (
    <div class="control condition">
      <TickControl
        label={label}
        value={when !== undefined}
        onChange={(isOn) => setKey(editor, path, name, isOn && last ? writeCondition({ join: 'and', clauses: [firstClause(last, new Date().toISOString().slice(0, 10))] }) : undefined)} // prettier-ignore
      />
      {when !== undefined &&
        (sentence ? (
          <ClauseEditor
            {...{ sentence, questions, all }}
            onChange={(next) => editor.model.change(place, { do: 'set', value: writeCondition(next) })}
          />
        ) : (
          <ConditionCard path={place} words={wordsOfCondition(when, namesFor(all))} />
        ))}
    </div>
  );
}

/** A condition that is too complex for a sentence of selects: it stays as it is. */
export function ConditionCard({ path, words }: { path: Path; words: string }) {
  const { openText } = useEditor();
  return (
    <div class="text-card">
      <p>
        <bdi>If {words}</bdi>
      </p>
      <button type="button" class="button" onClick={() => openText(path)}>
        Edit in Text
      </button>
    </div>
  );
}
