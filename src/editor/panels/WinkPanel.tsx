/**
 * The panel of a Wink screen: its requirement, the data to read and to compare, and the next screen after a failure.
 */
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import { idOf, listOf, mapOf } from '../form-data.ts';
import { removalsOf } from '../outline/dependents.ts';
import { addTo } from '../outline/operations.ts';
import { targetsAfter, type AnswerKind } from '../rules/questions.ts';
import { NumberControl, RadioControl, SelectControl, TickControl } from './controls.tsx';
import { FAILURES, failureRuleOf } from './failure-rule.ts';
import { KeyField } from './KeyField.tsx';
import { setKey } from './set-key.ts';
import { nameOfChoice, nameOfKey } from './words.ts';

/** @param path the screen */
export function WinkPanel({ path }: { path: Path }) {
  const { form } = useEditor();
  const wink = valueIn(form.value.data, [...path, 'wink']);
  const widgets = Array.isArray(wink) ? wink.map((_, at) => [...path, 'wink', at]) : [[...path, 'wink']];
  return (
    <fieldset class="control wink">
      <legend>{nameOfKey('wink')}</legend>
      {widgets.map((place, at) =>
        widgets.length > 1 ? (
          <fieldset class="control nested" key={at}>
            <legend>Account {at + 1}</legend>
            <WidgetControls path={place} />
          </fieldset>
        ) : (
          <WidgetControls key={at} path={place} />
        ),
      )}
      <FailureControl
        path={path}
        isOptional={widgets.every((place) => valueIn(form.value.data, [...place, 'require']) === 'none')}
      />
      <MatchControls />
    </fieldset>
  );
}

/** @param path the widget */
function WidgetControls({ path }: { path: Path }) {
  const editor = useEditor();
  const widget = mapOf(valueIn(editor.form.value.data, path));
  const { guide } = editor;
  const rest = guide.wink.filter(({ key }) => !['require', 'retrieve', 'revoke'].includes(key));
  const retrieve = guide.wink.find(({ key }) => key === 'retrieve');
  const require = guide.wink.find(({ key }) => key === 'require');
  const required = String(widget['require'] ?? 'any');
  return (
    <>
      <RadioControl
        label={nameOfKey('require')}
        value={required}
        choices={(require?.control.kind === 'choice' ? require.control.choices : []).map((one) => ({ value: one, label: nameOfChoice('require', one) }))}
        onChange={(next) => setKey(editor, path, 'require', next)}
      />
      {retrieve && <KeyField path={path} guide={retrieve} isQuiet />}
      <TickControl
        label="Disconnect the account after its data is read"
        help="Smile then gets no more data from it."
        value={widget['revoke'] === 'after_retrieval'}
        onChange={(isOn) => setKey(editor, path, 'revoke', isOn ? 'after_retrieval' : undefined)}
      />
      <details class="more">
        <summary>The sign-in window of Smile</summary>
        <div class="controls">
          {rest.map((one) => (
            <KeyField key={one.key} path={path} guide={one} />
          ))}
        </div>
      </details>
    </>
  ); // prettier-ignore
}

/** The next screen for people who could not connect. It is missing if a rule names only some of them: the rules below say it. */
function FailureControl({ path, isOptional }: { path: Path; isOptional: boolean }) {
  const { model, form, languages } = useEditor();
  const { data } = form.value;
  const id = idOf(valueIn(data, path));
  const place = [...path, 'next'];
  const rules = listOf(valueIn(data, place));
  const at = failureRuleOf(rules, id);
  if (at < -1) return null;
  const go = at < 0 ? '' : String(mapOf(rules[at])['go'] ?? '');
  const targets = targetsAfter(data, Number(path[1]), languages.value[0]);
  function set(next: string): void {
    if (!next) model.changeAll(at < 0 ? [] : removalsOf(data, [[...place, at]]));
    else if (at >= 0) model.change([...place, at, 'go'], { do: 'set', value: next });
    else {
      const rule: Value = { when: { [id]: FAILURES }, go: next };
      const isOne = typeof valueIn(data, place) === 'string';
      model.changeAll(isOne ? [[[...place, 0], { do: 'add', value: rule }]] : addTo(data, [...place, 0], rule).changes);
    }
  }
  return (
    <SelectControl
      label="If connecting fails or people skip it, go to"
      value={go}
      empty={isOptional ? 'The next screen' : 'They cannot continue'}
      choices={targets.map((one) => ({ value: one.id, label: one.title, group: one.kind === 'screen' ? 'Screens' : 'Endings' }))}
      onChange={set}
    />
  ); // prettier-ignore
}

/** The most questions that make up a name. */
const MAX_NAMES = 5;

/** The answers that the dashboard compares with the account. They are a setting of the form. */
function MatchControls() {
  const editor = useEditor();
  const { data } = editor.form.value;
  const match = mapOf(mapOf(data)['match']);
  const income = mapOf(match['monthly_income']);
  const choices = (...kinds: AnswerKind[]) =>
    editor.questions.value.filter(({ kind, answers }) => kinds.includes(kind) && !answers).map(({ id, title }) => ({ value: id, label: title })); // prettier-ignore
  const names = [match['name'] ?? []].flat().map(String);
  const texts = choices('text');
  const unused = texts.find(({ value }) => !names.includes(value));
  const setNames = (next: string[]) => setKey(editor, ['match'], 'name', next.length > 1 ? next : next[0]);
  return (
    <fieldset class="control nested">
      <legend>Compare the account with their answers</legend>
      <small>Members see the differences. People do not see them.</small>
      {(names.length ? names : ['']).map((one, at) => (
        <SelectControl
          key={at}
          label={`Question for the name${names.length > 1 ? `, part ${at + 1}` : ''}`}
          value={one}
          empty={at ? 'Leave it out' : 'Do not compare'}
          choices={texts}
          onChange={(id) => setNames(id ? [...names.slice(0, at), id, ...names.slice(at + 1)] : names.filter((_, index) => index !== at))} // prettier-ignore
        />
      ))}
      {names.length > 0 && names.length < MAX_NAMES && unused && (
        <button type="button" class="quiet" onClick={() => setNames([...names, unused.value])}>
          Add a question with another part of the name
        </button>
      )}
      <SelectControl
        label="Question for the employer"
        value={String(match['employer'] ?? '')}
        empty="Do not compare"
        choices={choices('text')}
        onChange={(id) => setKey(editor, ['match'], 'employer', id || undefined)}
      />
      <SelectControl
        label="Question for the monthly income"
        value={String(income['field'] ?? '')}
        empty="Do not compare"
        choices={choices('number')}
        onChange={(id) =>
          id && income['field'] !== undefined
            ? setKey(editor, ['match', 'monthly_income'], 'field', id)
            : setKey(editor, ['match'], 'monthly_income', id ? { field: id } : undefined)
        }
      />
      {income['field'] !== undefined && (
        <NumberControl
          label={nameOfKey('within')}
          value={String(income['within'] ?? '20')}
          isWhole={false}
          onChange={(within) => setKey(editor, ['match', 'monthly_income'], 'within', within)}
        />
      )}
    </fieldset>
  );
}
