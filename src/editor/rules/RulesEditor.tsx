/** The transitions of a screen: its rules as sentences, in their order. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import { endingsOf, idOf, listOf, mapOf, screensOf, type DataMap } from '../form-data.ts';
import { removalsOf } from '../outline/dependents.ts';
import { addTo } from '../outline/operations.ts';
import { AddIcon, RemoveIcon } from '../outline/icons.tsx';
import { MoveButtons } from '../outline/MoveButtons.tsx';
import { SelectOptions, SelectControl } from '../panels/controls.tsx';
import { TextCard } from '../panels/TextCard.tsx';
import { ClauseEditor } from './ClauseEditor.tsx';
import { ConditionCard, Unfinished } from './ConditionEditor.tsx';
import { EMPTY_SENTENCE, isComplete, namesFor, questionsBefore, targetsAfter, type Target } from './questions.ts';
import { readSentence, wordsOfCondition, writeCondition, type Sentence } from './sentence.ts';
import { useUnfinished } from './unfinished.ts';

/** @param path the screen */
export function RulesEditor({ path }: { path: Path }) {
  const { model, form, questions, kinds, languages, views } = useEditor();
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
  const [isAdding, setAdding] = useState(() => views.unfinished.has(`${idOf(screensOf(data)[screen])} ${NEW}`));
  const onwardTitle = targets.find(({ id }) => id === onward)?.title ?? onward;

  // A rule without a condition comes last, so the new one goes before it.
  const at = isOpen ? rules.length : Math.max(0, rules.length - 1);

  const shown = isAdding ? [...rules.slice(0, at), NEW_RULE, ...rules.slice(at)] : rules;

  function addRule(rule: DataMap): void {
    setAdding(false);
    const added = typeof next === 'string' ? { changes: [[[...place, 0], { do: 'add', value: rule }] as const] } : addTo(data, [...place, at], rule); // prettier-ignore
    model.changeAll(added.changes);
  }

  if (!isShown) return <TextCard path={place} label="After this screen" />;
  const hasQuestions = questionsBefore(data, [...place, 0], questions.value, kinds).length > 0;
  return (
    <fieldset class="control rules">
      <legend>After this screen</legend>
      {typeof next === 'string' && (
        <SelectControl
          label="Always go to"
          value={next}
          choices={choicesOf(targets)}
          empty="The next screen"
          onChange={(id) => model.change(place, id ? { do: 'set', value: id } : { do: 'remove' })}
        />
      )}
      {rules.length > 1 && <small>The first rule that applies decides.</small>}
      {shown.length > 0 && (
        <ol>
          {shown.map((rule, index) => {
            const isNew = isAdding && index === at;
            const own = isAdding && index > at ? index - 1 : index;
            return (
              <li key={index}>
                <RuleEditor
                  path={[...place, own]}
                  {...{ rule, targets }}
                  at={own}
                  count={rules.length}
                  adding={isNew ? { add: addRule, cancel: () => setAdding(false) } : undefined}
                />
              </li>
            );
          })}
        </ol>
      )}
      {isOpen && (
        <p class="dim otherwise">
          {shown.length ? 'Otherwise, go to: ' : 'Go to: '}
          <bdi>{onwardTitle}</bdi>
        </p>
      )}
      {hasQuestions && targets.length > 0 && !isAdding && (
        <button type="button" class="button" onClick={() => setAdding(true)}>
          <AddIcon /> {rules.length ? 'Another rule' : 'Add a rule'}
        </button>
      )}
    </fieldset>
  );
}

const choicesOf = (targets: readonly Target[]) =>
  targets.map(({ id, title, kind }) => ({ value: id, label: title, group: kind === 'screen' ? 'Screens' : 'Endings' }));

/** A rule without a complete condition or target yet. */
const NEW_RULE: DataMap = { go: '' };

/** The name of it among the unfinished rules of its screen. The others have their numbers. */
const NEW = 'new';

interface RuleEditorProps {
  path: Path;
  rule: Value;
  targets: readonly Target[];
  at: number;
  count: number;
  /** A note under a rule that is not in the text yet. */
  adding: { add: (rule: DataMap) => void; cancel: () => void } | undefined;
}

function RuleEditor({ path, rule, targets, at, count, adding }: RuleEditorProps) {
  const { model, form, questions, kinds } = useEditor();
  const { data } = form.value;
  const all = questions.value;
  const { when, go } = mapOf(rule);
  const [{ sentence, target }, change, isUnfinished] = useUnfinished<{
    sentence: Sentence | undefined;
    target: string;
  }>(
    path.slice(0, 2),
    adding ? NEW : String(at),
    adding ? undefined : rule,
    {
      sentence: adding ? EMPTY_SENTENCE : when === undefined ? undefined : readSentence(when),
      target: typeof go === 'string' ? go : '',
    },
    (next) => next.target !== '' && (!next.sentence || isComplete(next.sentence)),
    (next) => {
      const written = next.sentence && writeCondition(next.sentence);
      if (adding) return adding.add({ ...(written && { when: written }), go: next.target });
      model.changeAll([
        ...(written ? [[[...path, 'when'], { do: 'set', value: written }] as const] : []),
        ...(next.target === go ? [] : [[[...path, 'go'], { do: 'set', value: next.target }] as const]),
      ]);
    },
  );
  const place = useRef<HTMLDivElement>(null);
  // The button that adds a rule is gone, so its focus comes here.
  useEffect(() => {
    if (adding && !isUnfinished) place.current?.querySelector('select')?.focus();
  }, [!adding]);
  return (
    <div class="rule" role="group" ref={place} aria-label={adding ? 'New rule' : `Rule ${at + 1}`}>
      {sentence ? (
        <ClauseEditor
          {...{ sentence, all }}
          questions={questionsBefore(data, path, all, kinds)}
          onChange={(next) => change({ sentence: next, target })}
        />
      ) : when === undefined ? (
        <p class="word">{at ? 'In all other cases' : 'Always'}</p>
      ) : (
        <ConditionCard path={path} words={wordsOfCondition(when, namesFor(all))} />
      )}
      <span class="small-acts">
        {adding ? (
          <button type="button" class="icon" aria-label="Remove the new rule" onClick={() => { change(undefined); adding.cancel(); }}><RemoveIcon /></button>
        ) : (
          <>
            <MoveButtons row="rule" at={at} count={count} onMove={(to) => model.change(path, { do: 'move', to: [...path.slice(0, -1), to] })} />
            <button type="button" class="icon" aria-label={`Remove rule ${at + 1}`} onClick={() => model.changeAll(removalsOf(data, [path]))}><RemoveIcon /></button>
          </>
        )}
      </span>
      <div class="clause">
        <span class="word" aria-hidden="true">
          → go to
        </span>
        <select
          aria-label="Go to"
          dir="auto"
          value={target}
          onChange={(event) => change({ sentence, target: event.currentTarget.value })}
        >
          {!targets.some(({ id }) => id === target) && <option value={target}>{target || 'Choose a place'}</option>}
          <SelectOptions choices={choicesOf(targets)} />
        </select>
      </div>
      {(adding || isUnfinished) && <Unfinished />}
    </div>
  ); // prettier-ignore
}
