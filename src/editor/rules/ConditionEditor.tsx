/** A condition of a question, such as `show_when`, as a sentence. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import { TickControl } from '../panels/controls.tsx';
import { setKey } from '../panels/set-key.ts';
import { EditInText } from '../panels/TextCard.tsx';
import { ClauseEditor } from './ClauseEditor.tsx';
import { EMPTY_SENTENCE, isComplete, namesFor, questionsBefore } from './questions.ts';
import { readSentence, wordsOfCondition, writeCondition } from './sentence.ts';
import { useUnfinished } from './unfinished.ts';

/** @param path the question that has the condition */
export function ConditionEditor({ path, name, label }: { path: Path; name: string; label: string }) {
  const editor = useEditor();
  const { data } = editor.form.value;
  const all = editor.questions.value;
  const place = [...path, name];
  const when = valueIn(data, place);
  const [isOn, setOn] = useState(false);
  const questions = questionsBefore(data, path, all, editor.kinds);
  const [sentence, change, isUnfinished] = useUnfinished(
    path,
    name,
    when,
    when === undefined ? EMPTY_SENTENCE : readSentence(when),
    (next) => !!next && isComplete(next),
    (next) => {
      setOn(false);
      if (next) setKey(editor, path, name, writeCondition(next));
    },
  );
  if (when === undefined && !questions.length) return null;
  const isShown = isOn || isUnfinished || when !== undefined;
  return (
    <div class="control condition">
      <TickControl
        label={label}
        value={isShown}
        onChange={(next) => {
          setOn(next);
          if (next) return;
          change(undefined);
          setKey(editor, path, name, undefined);
        }}
      />
      {isShown &&
        (sentence ? (
          <ClauseEditor {...{ sentence, questions, all }} onChange={change} />
        ) : (
          <ConditionCard path={place} words={wordsOfCondition(when, namesFor(all))} />
        ))}
      {isShown && (isOn || isUnfinished) && <Unfinished />}
    </div>
  );
}

/** A note under a condition that is not in the text yet. */
export const Unfinished = () => <small>This is saved when it is complete.</small>;

/** A condition that is too complex for a sentence of selects: it stays as it is. */
export const ConditionCard = ({ path, words }: { path: Path; words: string }) => (
  <EditInText path={path}>
    <bdi>If {words}</bdi>
  </EditInText>
);
