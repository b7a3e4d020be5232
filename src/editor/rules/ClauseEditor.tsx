/** The clauses of one condition, as a sentence of selects. */
import { SelectOptions } from '../panels/controls.tsx';
import {
  EMPTY_CLAUSE,
  firstClause,
  isComplete,
  OPERATOR_WORDS,
  OPERATORS,
  takesSeveral,
  takesValue,
  type Question,
} from './questions.ts';
import type { Clause, RuleOperator, Sentence } from './sentence.ts';
import { AddIcon, RemoveIcon } from '../outline/icons.tsx';
import type { Scalar } from '../../form/runtime/condition.ts';
import { TextControl } from '../panels/controls.tsx';
import { readTypedNumber } from '../panels/read-typed-number.ts';

interface ClauseEditorProps {
  sentence: Sentence;
  /** The questions that can be read at this place. */
  questions: readonly Question[];
  /** All questions of the form, for names. */
  all: readonly Question[];
  onChange: (sentence: Sentence) => void;
}

export function ClauseEditor({ sentence, questions, all, onChange }: ClauseEditorProps) {
  const { clauses, join } = sentence;
  const replace = (at: number, clause: Clause | undefined) =>
    onChange({ join, clauses: clauses.flatMap((one, index) => (index === at ? (clause ?? []) : one)) });
  return (
    <div class="clauses">
      {clauses.map((clause, at) => (
        <div class="clause" key={at} role="group" aria-label={`Condition ${at + 1}`}>
          {at === 0 ? (
            <span class="word">If</span>
          ) : (
            <select
              class="word"
              aria-label="And or or"
              value={join}
              onChange={(event) => onChange({ join: event.currentTarget.value === 'or' ? 'or' : 'and', clauses })}
            >
              <option value="and">and</option>
              <option value="or">or</option>
            </select>
          )}
          <QuestionSelect clause={clause} questions={questions} all={all} onChange={(one) => replace(at, one)} />
          {clause.question !== '' && <ClauseEnd clause={clause} question={all.find(({ id }) => id === clause.question)} onChange={(one) => replace(at, one)} />}
          {clauses.length > 1 && (
            <button type="button" class="icon" aria-label={`Remove condition ${at + 1}`} onClick={() => replace(at, undefined)}>
              <RemoveIcon />
            </button>
          )}
        </div>
      ))}
      {questions.length > 0 && isComplete(sentence) && (
        <button
          type="button"
          class="quiet"
          onClick={({ currentTarget: { parentElement } }) => {
            onChange({ join, clauses: [...clauses, EMPTY_CLAUSE] });
            // This button goes away. The next one moves the rule.
            requestAnimationFrame(() => parentElement?.querySelector<HTMLElement>('.clause:last-of-type .question')?.focus());
          }}
        >
          <AddIcon /> {join}
        </button>
      )}
    </div>
  ); // prettier-ignore
}

interface ClauseProps {
  clause: Clause;
  onChange: (clause: Clause) => void;
}

function QuestionSelect({
  clause,
  questions,
  all,
  onChange,
}: ClauseProps & Pick<ClauseEditorProps, 'questions' | 'all'>) {
  const title = all.find(({ id }) => id === clause.question)?.title ?? (clause.question || 'Choose a question');
  return (
    <select
      aria-label="Question"
      class="question"
      dir="auto"
      value={clause.question}
      onChange={(event) => {
        const question = all.find(({ id }) => id === event.currentTarget.value);
        if (question) onChange(firstClause(question));
      }}
    >
      {!questions.some(({ id }) => id === clause.question) && <option value={clause.question}>{title}</option>}
      <SelectOptions choices={questions.map((one) => ({ value: one.id, label: one.title }))} />
    </select>
  );
}

function ClauseEnd({ clause, question, onChange }: ClauseProps & { question: Question | undefined }) {
  const { operator, values } = clause;
  const kind = question?.kind ?? 'text';
  const operators = OPERATORS[kind].includes(operator) ? OPERATORS[kind] : [operator, ...OPERATORS[kind]];
  const change = (next: RuleOperator): void => {
    onChange({ question: clause.question, operator: next, values: takesValue(next) ? (values.length ? values : ['']) : [] }); // prettier-ignore
  };
  const set = (next: Scalar[]) => onChange({ question: clause.question, operator, values: next });
  return (
    <>
      <select
        aria-label="Comparison"
        value={operator}
        onChange={(event) => change(event.currentTarget.value as RuleOperator)}
      >
        <SelectOptions choices={operators.map((one) => ({ value: one, label: OPERATOR_WORDS[one] }))} />
      </select>
      {takesValue(operator) &&
        values.map((value, at) => (
          <span class="answer" key={at}>
            {at > 0 && <span class="word">or</span>}
            <AnswerControl
              {...{ value, question }}
              onChange={(next) => set(values.map((one, index) => (index === at ? next : one)))}
            />
            {
              values.length > 1 &&
              <button type="button" class="icon" aria-label={`Remove answer ${at + 1}`} onClick={() => set(values.filter((_, index) => index !== at))}><RemoveIcon /></button> // prettier-ignore
            }
          </span>
        ))}
      {takesSeveral(operator) && kind !== 'boolean' && (question?.answers?.length ?? 0) > values.length && (
        <button type="button" class="quiet" onClick={() => set([...values, ''])}>
          <AddIcon /> or another answer
        </button>
      )}
    </>
  );
}

function AnswerControl({
  value,
  question,
  onChange,
}: {
  value: Scalar;
  question: Question | undefined;
  onChange: (value: Scalar) => void;
}) {
  const answers = question?.answers;
  if (!answers) {
    const isNumber = question?.kind === 'number';
    return (
      <TextControl
        label="Answer"
        value={String(value)}
        inputMode={isNumber ? 'decimal' : undefined}
        onCommit={(text) => {
          const number = isNumber && text.trim() ? readTypedNumber(text) : NaN;
          onChange(Number.isFinite(number) ? number : text);
        }}
      /> // prettier-ignore
    );
  }
  const known = answers.some((one) => one.value === value);
  return (
    <select
      aria-label="Answer"
      dir="auto"
      value={JSON.stringify(value)}
      onChange={(event) => onChange(JSON.parse(event.currentTarget.value) as Scalar)}
    >
      {!known && <option value={JSON.stringify(value)}>{String(value) || 'Choose an answer'}</option>}
      <SelectOptions choices={answers.map((one) => ({ value: JSON.stringify(one.value), label: one.label }))} />
    </select>
  );
}
