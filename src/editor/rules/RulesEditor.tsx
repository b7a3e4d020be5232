/** The way on from a screen: its rules as sentences, in their order. */
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import { endingsOf, idOf, listOf, mapOf, screensOf } from '../form-data.ts';
import { removalsOf } from '../outline/dependents.ts';
import { addTo } from '../outline/operations.ts';
import { AddIcon, DownIcon, RemoveIcon, UpIcon } from '../outline/icons.tsx';
import { SelectOptions, SelectControl } from '../panels/controls.tsx';
import { TextCard } from '../panels/TextCard.tsx';
import { ClauseEditor } from './ClauseEditor.tsx';
import { ConditionCard } from './ConditionEditor.tsx';
import { firstClause, namesFor, questionsBefore, targetsAfter, type Target } from './questions.ts';
import { readSentence, wordsOfCondition, writeCondition } from './sentence.ts';

/** @param path the screen */
export function RulesEditor({ path }: { path: Path }) {
  const { model, form, questions, languages } = useEditor();
  const { data } = form.value;
  const place = [...path, 'next'];
  const next = valueIn(data, place);
  const screen = Number(path[1]);
  const targets = targetsAfter(data, screen, languages.value[0]);
  const onward = idOf(screensOf(data)[screen + 1] ?? endingsOf(data)[0]);
  const rules = listOf(next);
  const isShown = next === undefined || next === null || typeof next === 'string' || Array.isArray(next);
  const last = mapOf(rules.at(-1));
  const isOpen = typeof next !== 'string' && (rules.length === 0 || last['when'] !== undefined);
  const onwardTitle = targets.find(({ id }) => id === onward)?.title ?? onward;

  function addRule(): void {
    const question = questionsBefore(data, [...place, 0], questions.value).at(-1);
    const target = targets.find(({ kind, id }) => kind === 'ending' && id !== onward) ?? targets.find(({ id }) => id !== onward) ?? targets[0]; // prettier-ignore
    if (!question || !target) return;
    const rule = { when: writeCondition({ join: 'and', clauses: [firstClause(question, new Date().toISOString().slice(0, 10))] }), go: target.id }; // prettier-ignore
    // A rule without a condition comes last, so the new one goes before it.
    const at = isOpen ? rules.length : Math.max(0, rules.length - 1);
    const act = typeof next === 'string' ? { changes: [[[...place, 0], { do: 'add', value: rule }] as const] } : addTo(data, [...place, at], rule); // prettier-ignore
    model.changeAll(act.changes);
  }

  if (!isShown) return <TextCard path={place} label="After this screen" />;
  const hasQuestions = questionsBefore(data, [...place, 0], questions.value).length > 0;
  return (
    <fieldset class="control rules">
      <legend>After this screen</legend>
      {typeof next === 'string' ? (
        <SelectControl
          label="Always go to"
          value={next}
          choices={choicesOf(targets)}
          empty="The next screen"
          onChange={(id) => model.change(place, id ? { do: 'set', value: id } : { do: 'remove' })}
        />
      ) : (
        <ol>
          {rules.map((rule, at) => (
            <li key={at}>
              <RuleEditor path={[...place, at]} rule={rule} targets={targets} at={at} count={rules.length} />
            </li>
          ))}
        </ol>
      )}
      {isOpen && (
        <p class="dim otherwise">
          {rules.length ? 'Otherwise, the next screen: ' : 'The next screen: '}
          <bdi>{onwardTitle}</bdi>
        </p>
      )}
      {hasQuestions && targets.length > 0 && (
        <button type="button" class="button" onClick={addRule}>
          <AddIcon /> {rules.length ? 'Another rule' : 'Add a rule'}
        </button>
      )}
    </fieldset>
  );
}

const choicesOf = (targets: readonly Target[]) =>
  targets.map(({ id, title, kind }) => ({ value: id, label: title, group: kind === 'screen' ? 'Screens' : 'Endings' }));

interface RuleEditorProps {
  path: Path;
  rule: Value;
  targets: readonly Target[];
  at: number;
  count: number;
}

function RuleEditor({ path, rule, targets, at, count }: RuleEditorProps) {
  const { model, form, questions } = useEditor();
  const { data } = form.value;
  const all = questions.value;
  const { when, go } = mapOf(rule);
  const sentence = when === undefined ? undefined : readSentence(when);
  const target = typeof go === 'string' ? go : '';
  const move = (to: number) => model.change(path, { do: 'move', to: [...path.slice(0, -1), to] });
  return (
    <div class="rule" role="group" aria-label={`Rule ${at + 1}`}>
      {when === undefined ? (
        <p class="word">{at ? 'In all other cases' : 'Always'}</p>
      ) : sentence ? (
        <ClauseEditor
          {...{ sentence, all }}
          questions={questionsBefore(data, path, all)}
          onChange={(next) => model.change([...path, 'when'], { do: 'set', value: writeCondition(next) })}
        />
      ) : (
        <ConditionCard path={path} words={wordsOfCondition(when, namesFor(all))} />
      )}
      <div class="clause">
        <span class="word" aria-hidden="true">
          → go to
        </span>
        <select
          aria-label="Go to"
          value={target}
          onChange={(event) => model.change([...path, 'go'], { do: 'set', value: event.currentTarget.value })}
        >
          {!targets.some(({ id }) => id === target) && <option value={target}>{target}</option>}
          <SelectOptions choices={choicesOf(targets)} />
        </select>
        <span class="small-acts">
          <button type="button" class="icon" disabled={at === 0} aria-label={`Move rule ${at + 1} up`} onClick={() => move(at - 1)}><UpIcon /></button>
          <button type="button" class="icon" disabled={at === count - 1} aria-label={`Move rule ${at + 1} down`} onClick={() => move(at + 1)}><DownIcon /></button>
          <button type="button" class="icon" aria-label={`Remove rule ${at + 1}`} onClick={() => model.changeAll(removalsOf(data, [path]))}><RemoveIcon /></button>
        </span>
      </div>
    </div>
  ); // prettier-ignore
}
