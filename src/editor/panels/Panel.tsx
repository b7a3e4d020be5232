/** The settings of the part that is open, and its actions. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor, useSteady } from '../context.tsx';
import { idOf, kindAt, nameAt } from '../form-data.ts';
import { LanguagesPanel } from '../languages/LanguagesPanel.tsx';
import { PartComments } from '../comments/PartComments.tsx';
import { PartActions } from '../outline/PartActions.tsx';
import { FieldPanel } from './FieldPanel.tsx';
import { PartLines } from './PartLines.tsx';
import { EndingPanel, ScreenPanel } from './ScreenPanel.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';
import { panelPathOf } from './panel-path.ts';
import { EditInText } from './TextCard.tsx';

export function Panel() {
  const { model, form } = useEditor();
  // The same object while the part stays open, so that a key draws only the controls whose values it changes.
  const path = useSteady(() => model.selection.value && panelPathOf(model.selection.value), model);
  const { data, outline, isOld } = form.value;
  const body = useRef<HTMLDivElement>(null);
  const place = path?.join('.');
  const id = path && (idOf(valueIn(data, path)) || place);
  const last = useRef<(string | undefined)[]>([]);
  // Another part begins at its title. A part that moves, or gets another name, stays where it is scrolled to.
  useLayoutEffect(() => {
    const [lastPlace, lastId] = last.current;
    if (place !== lastPlace && id !== lastId) body.current?.parentElement?.scrollTo(0, 0);
    last.current = [place, id];
  }, [place, id]);
  if (!path) return <p class="dim pad">Choose a part of the form to change it.</p>;
  const [list] = path;
  const outer = (list === 'endings' ? outline.endings : outline.screens).find((one) => one.path[1] === path[1]);
  const part = path.length > 2 ? outer?.parts.find((one) => one.path[3] === path[3]) : outer;
  const isPart = list === 'screens' || list === 'endings';
  if (isPart && valueIn(data, path) === undefined) return <p class="dim pad">This part is gone. Choose another one.</p>;
  const title = !isPart ? (list === 'languages' ? 'Languages' : 'The form') : nameAt(data, path);
  const kind = isPart ? { screen: 'Screen', field: 'Question', ending: 'Ending' }[kindAt(path) as 'screen'] : 'Form';
  return (
    <div
      class="panel-body"
      key={place}
      ref={body}
      onKeyDown={({ key, target }) => {
        if (key !== 'Escape' || (target as Element).closest('dialog')) return;
        document.querySelector<HTMLElement>('.part[aria-current]')?.focus();
      }}
    >
      <header class="panel-head">
        <p class="dim">{kind}</p>
        <h2 tabIndex={-1}>
          <bdi>{title}</bdi>
        </h2>
      </header>
      {isOld && (
        <p class="trouble" role="status">
          The text has an error, so this panel cannot change it. Fix the error first.
        </p>
      )}
      <PartComments path={isPart ? path : list === 'languages' ? ['languages'] : []} />
      <fieldset class="controls" disabled={isOld}>
        {/* A part that the panels cannot show, such as one that several places of the text share, stays as it is. */}
        {part?.isTextOnly ? (
          <EditInText path={path}>You can change this part in the text of the form only.</EditInText>
        ) : (
          <PanelOf path={path} />
        )}
      </fieldset>
      {isPart && !isOld && <PartActions path={path} />}
      <PartLines path={isPart || list === 'languages' ? path : []} />
    </div>
  );
}

function PanelOf({ path }: { path: Path }) {
  const [list, at, within] = path;
  if (list === 'languages') return <LanguagesPanel />;
  if (list === 'endings' && at !== undefined) return <EndingPanel path={path} />;
  if (list !== 'screens' || at === undefined) return <SettingsPanel />;
  return within === 'fields' ? <FieldPanel path={path} /> : <ScreenPanel path={path} />;
}
