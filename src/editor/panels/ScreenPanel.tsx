/** The panels of a screen and of an ending. */
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import type { KeyGuide } from '../../form/docs/guide.ts';
import { useEditor } from '../context.tsx';
import { idOf, mapOf } from '../form-data.ts';
import { RulesEditor } from '../rules/RulesEditor.tsx';
import { IdField } from './IdField.tsx';
import { KeyField } from './KeyField.tsx';
import { TextCard } from './TextCard.tsx';
import { WinkPanel } from './WinkPanel.tsx';

export function ScreenPanel({ path }: { path: Path }) {
  const { form, guide } = useEditor();
  const screen = mapOf(valueIn(form.value.data, path));
  return (
    <>
      <Keys path={path} keys={guide.screen} names={['title', 'text']} />
      {screen['wink'] !== undefined && <WinkPanel path={path} />}
      <RulesEditor key={idOf(screen)} path={path} />
      <Unknown path={path} keys={guide.screen} />
      <More path={path} />
    </>
  );
}

export function EndingPanel({ path }: { path: Path }) {
  const { guide } = useEditor();
  return (
    <>
      <Keys path={path} keys={guide.ending} names={['title', 'text', 'outcome', 'redirect']} />
      <Unknown path={path} keys={guide.ending} />
      <More path={path} />
    </>
  );
}

function More({ path }: { path: Path }) {
  return (
    <details class="more">
      <summary>More</summary>
      <div class="controls">
        <IdField path={path} />
      </div>
    </details>
  );
}

function Keys({ path, keys, names }: { path: Path; keys: readonly KeyGuide[]; names: readonly string[] }) {
  return (
    <>
      {names.map((name) => {
        const guided = keys.find(({ key }) => key === name);
        return guided && <KeyField key={name} path={path} guide={guided} isQuiet={name === 'title'} />;
      })}
    </>
  );
}

/** Keys that the form language does not have. They stay, and the list of errors names them. */
function Unknown({ path, keys }: { path: Path; keys: readonly KeyGuide[] }) {
  const part = mapOf(valueIn(useEditor().form.value.data, path));
  const unknown = Object.keys(part).filter((name) => !keys.some(({ key }) => key === name));
  return (
    <>
      {unknown.map((key) => (
        <TextCard key={key} path={[...path, key]} label={`The key “${key}”`} />
      ))}
    </>
  );
}
