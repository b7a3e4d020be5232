/** The parts of a form as a list: select, add, move, copy, paste and delete. */
import { Fragment, type ComponentChild, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Path, Value } from '../../form/edit/edit.ts';
import type { OutlinePart } from '../../form/edit/outline.ts';
import { isSameValue, pathFromText, valueIn } from '../../form/edit/value.ts';
import { formatCount } from '../../form/format-count.ts';
import { useEditor } from '../context.tsx';
import { endingsOf, idOf, kindAt, mapOf, nameAt, screensOf } from '../form-data.ts';
import { focusRow } from '../keep-focus.ts';
import { missingIn, textsOf } from '../languages/texts.ts';
import { panelPathOf } from '../panels/panel-path.ts';
import { commentsAt } from '../comments/open-comments.ts';
import { transitionInWords } from '../map/journey-map.ts';
import { AddPart, PastePart, type Adding } from './AddPart.tsx';
import { copyOf, paste } from './clipboard.ts';
import { isSamePath } from './dependents.ts';
import { AddIcon, WinkIcon } from './icons.tsx';
import { moveBy, moveTo, type OutlineEdit } from './operations.ts';
import { DeleteDialog } from './PartActions.tsx';

/** @param onOpen called when a person opens a part, after `selection` is set */
export function OutlineView({ onOpen }: { onOpen: () => void }) {
  const editor = useEditor();
  const { model, form, run } = editor;
  const { outline, data, isOld } = form.value;
  const list = useRef<HTMLDivElement>(null);
  const items = useRef(new Map<number, { value: Value | undefined; signature: string; item: VNode }>());
  const comments = editor.comments.open.value;
  const [adding, setAdding] = useState<{ what: Adding | 'paste'; after?: Path }>();
  const toggle = (what: Adding | 'paste') => setAdding(adding?.what === what ? undefined : { what });
  const [deleting, setDeleting] = useState<Path>();
  const [notice, setNotice] = useState('');
  const [dragged, setDragged] = useState<Path>();
  const [target, setTarget] = useState<{ path: Path; isBelow: boolean }>();
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => setDrawn(true), []);
  const selected = model.selection.value && panelPathOf(model.selection.value);

  function open(path: Path): void {
    model.selection.value = path;
    onOpen();
  }

  function move(path: Path, by: -1 | 1): void {
    const edit = moveBy(data, path, by);
    if (!run(edit) || !edit) return;
    setNotice(`Moved ${by < 0 ? 'up' : 'down'}.`);
    focusRow(edit.select);
  }

  function keyDown(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-path]');
    const path = row && pathOf(row);
    if (!row || !path) return;
    const isPart = path.length > 1;
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by) {
      event.preventDefault();
      if (event.altKey) return isPart && !isOld ? move(path, by) : undefined;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-path]') ?? [])];
      return rows[rows.indexOf(row) + by]?.focus();
    }
    if ((event.key === 'Delete' || event.key === 'Backspace') && isPart && !isOld) {
      event.preventDefault();
      setDeleting(path);
    }
  }

  const drag = {
    onDragStart: ({ target: from, dataTransfer }: DragEvent) => {
      const row = rowOf(from);
      if (!row || pathOf(row).length < 2) return;
      dataTransfer?.setData('text/plain', row.textContent);
      setDragged(pathOf(row));
    },
    onDragOver: (event: DragEvent) => {
      const row = rowOf(event.target);
      if (!row || !dragged || isOld || !mayDrop(dragged, pathOf(row))) return;
      event.preventDefault();
      const { top, height } = row.getBoundingClientRect();
      const next = { path: pathOf(row), isBelow: event.clientY > top + height / 2 };
      if (!target || target.isBelow !== next.isBelow || !isSamePath(target.path, next.path)) setTarget(next);
    },
    onDragEnd: () => {
      setDragged(undefined);
      setTarget(undefined);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      drop();
    },
  };

  function drop(): void {
    if (!dragged || !target) return;
    const edit = dropPath(dragged, target);
    setDragged(undefined);
    setTarget(undefined);
    if (edit) run(moveTo(data, dragged, edit));
  }

  function pasteText(text: string): boolean {
    const pasted = paste(data, selected, text);
    setNotice(pasted.ok ? 'Pasted.' : pasted.message);
    if (pasted.ok && run(pasted)) focusRow(pasted.select);
    return pasted.ok;
  }

  function add(edit: OutlineEdit): void {
    if (!run(edit)) return;
    setAdding(undefined);
    setNotice('Added.');
    onOpen();
    focusRow(edit.select);
  }

  const isAt = (path: Path, part: OutlinePart) => isSamePath(path, part.path);
  const row = (part: OutlinePart, number?: number) => (
    <Row
      part={part}
      number={number}
      isSelected={selected !== undefined && isAt(selected, part)}
      mark={target && isAt(target.path, part) ? (target.isBelow ? 'below' : 'above') : undefined}
      comments={commentsAt(comments, data, part.path).length}
    />
  );

  const askFor = (after: Path) => setAdding({ what: 'question', after });
  const isAsking = (path: Path) => adding?.what === 'question' && adding.after !== undefined && isSamePath(adding.after, path); // prettier-ignore
  /** The place to add a question behind the part at `path`. */
  const addHere = (path: Path, name: string) => (
    <>
      {isAsking(path) && <AddPart kind="question" selected={path} isPlaced onAdd={add} onClose={() => setAdding(undefined)} />}
      {/* A hidden text in each screen would be a layer of its own, and the browser goes through all layers with each key.
          The button stays, hidden, so that the focus can go back to it. */}
      <button
        type="button"
        class="add-here"
        aria-label={`Add a question ${name}`}
        hidden={isAsking(path)}
        disabled={isOld}
        onClick={() => askFor(path)}
      >
        <AddIcon /> Add a question
      </button>
    </>
  ); // prettier-ignore

  const screenItem = (screen: OutlinePart, at: number) => {
    const title = nameAt(data, screen.path);
    const hasEnd = !screen.isTextOnly && valueIn(data, [...screen.path, 'wink']) === undefined;
    const last = hasEnd && screen.parts.at(-1);
    return (
      <li>
        {row(screen, at + 1)}
        {screen.parts.length > 0 && (
          <ol>
            {screen.parts.map((field) => (
              <li key={field.path.join('.')}>
                {row(field)}
                {field !== last &&
                  selected &&
                  isAt(selected, field) &&
                  addHere(field.path, `after “${nameAt(data, field.path)}”`)}
              </li>
            ))}
          </ol>
        )}
        {valueIn(data, [...screen.path, 'next']) !== undefined && <RuleRows screen={screen} onOpen={open} />}
        {hasEnd && addHere(screen.path, `at the end of “${title}”`)}
      </li>
    );
  };

  /**
   * An unchanged screen keeps its element, so that a key draws only one screen of a long form again. Preact skips a kept
   * fragment, but no kept `li`.
   */
  function keptItem(screen: OutlinePart, at: number): ComponentChild {
    const within = (path: Path | undefined) => (path?.[1] === at && path[0] === 'screens' ? path : undefined);
    const marked = within(target?.path);
    const value = valueIn(data, screen.path);
    const signature = JSON.stringify([
      screen.parts.map(({ isTextOnly }) => isTextOnly), screen.rules.length, screen.isTextOnly, isOld,
      within(selected), marked && target, within(adding?.after), editor.languages.value[0],
      comments.filter((comment) => comment.screen === screen.id).map(({ id, field }) => [id, field]),
    ]); // prettier-ignore
    const before = items.current.get(at);
    if (before?.signature === signature && !within(adding?.after) && isSameValue(before.value, value)) {
      before.value = value;
      return before.item;
    }
    const item = <Fragment key={at}>{screenItem(screen, at)}</Fragment>;
    items.current.set(at, { value, signature, item });
    return item;
  }

  const missing = editor.languages.value.length > 1 ? editor.languages.value.reduce((sum, one) => sum + missingIn(textsOf(data), one).length, 0) : 0; // prettier-ignore
  return (
    // The focus stays in it after a click beside its controls, so that Escape closes the place to add a part.
    <div class="outline" data-drawn={isDrawn} tabIndex={-1} onKeyDown={({ key }) => key === 'Escape' && setAdding(undefined)}>
      <div
        ref={list}
        onKeyDown={keyDown}
        onClick={({ target: clicked, detail }) => {
          const row = rowOf(clicked);
          if (!row) return;
          open(pathOf(row));
          // Only a key is no click: it goes on in the panel, which other rows separate from this one.
          if (!detail) requestAnimationFrame(() => document.querySelector<HTMLElement>('.panel h2')?.focus());
        }}
        {...drag}
        onCopy={(event) => {
          // A selection in an input is collapsed for the page.
          if (!selected || selected.length < 2 || !getSelection()?.isCollapsed || event.target instanceof HTMLInputElement) return;
          event.clipboardData?.setData('text/plain', copyOf(model.text.value, data, selected));
          event.preventDefault();
          setNotice('Copied.');
        }}
        onPaste={(event) => {
          if (isOld || event.target instanceof HTMLInputElement) return;
          event.preventDefault();
          pasteText(event.clipboardData?.getData('text/plain') ?? '');
        }}
      >
        <ul class="parts">
          <li>
            <Plain path={[]} title="The form" selected={selected} count={commentsInWords(commentsAt(comments, data, []).length)} />
          </li>
          <li>
            <Plain path={['languages']} title="Languages" selected={selected} count={missing ? `${missing} missing` : ''} />
          </li>
        </ul>
        <h3 class="parts-title">Screens</h3>
        <ol class="parts">
          {outline.screens.map(keptItem)}
        </ol>
        <h3 class="parts-title">Endings</h3>
        <ol class="parts">
          {outline.endings.map((ending) => (
            <li key={ending.path.join('.')}>{row(ending)}</li>
          ))}
        </ol>
      </div>
      <div class="row add-parts">
        {(['question', 'screen', 'ending'] as const).map((kind) => (
          <button type="button" class="button" key={kind} disabled={isOld} aria-expanded={adding?.what === kind && !adding.after} onClick={() => toggle(kind)}>
            <AddIcon /> {{ question: 'Question', screen: 'Screen', ending: 'Ending' }[kind]}
          </button>
        ))}
        <button type="button" class="quiet" disabled={isOld} aria-expanded={adding?.what === 'paste'} onClick={() => toggle('paste')}>
          Paste
        </button>
      </div>
      {adding?.what === 'paste' ? (
        <PastePart onPaste={(text) => pasteText(text) && setAdding(undefined)} onClose={() => setAdding(undefined)} />
      ) : (
        adding &&
        !adding.after && (
          <AddPart key={adding.what} kind={adding.what} selected={selected} onAdd={add} onClose={() => setAdding(undefined)} />
        )
      )}
      <p class="dim notice" role="status">{notice}</p>
      {deleting && (
        <DeleteDialog
          path={deleting}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </div>
  ); // prettier-ignore
}

const rowOf = (target: EventTarget | null): HTMLElement | null =>
  (target as HTMLElement).closest<HTMLElement>('[data-path]');

const commentsInWords = (count: number): string => (count ? formatCount(count, 'comment', 'comments') : '');

const pathOf = (row: HTMLElement): Path => pathFromText(row.dataset['path'] ?? '');

/** Whether a part can be dropped beside another one: fields on any screen, others in their own list. */
const mayDrop = (dragged: Path, target: Path): boolean =>
  kindAt(dragged) === 'field' ? target[0] === 'screens' : dragged[0] === target[0] && target.length === dragged.length;

/** The place that a part has after it was dropped. */
function dropPath(dragged: Path, { path, isBelow }: { path: Path; isBelow: boolean }): Path | undefined {
  if (isSamePath(dragged, path)) return undefined;
  // A question that is dropped on a screen becomes its first one.
  if (path.length < dragged.length) return [...path, 'fields', 0];
  const to = Number(path.at(-1)) + (isBelow ? 1 : 0);
  const isSameList = isSamePath(dragged.slice(0, -1), path.slice(0, -1));
  return [...path.slice(0, -1), isSameList && Number(dragged.at(-1)) < to ? to - 1 : to];
}

interface PlainProps {
  path: Path;
  title: string;
  selected: Path | undefined;
  count?: string;
}

const Plain = ({ path, title, selected, count }: PlainProps) => (
  <button
    type="button"
    class="part"
    data-path={path.join('.')}
    aria-current={selected && isSamePath(selected, path) ? 'true' : undefined}
  >
    <span class="part-title">{title}</span>
    {count && <span class="late">{count}</span>}
  </button>
);

interface RowProps {
  part: OutlinePart;
  number: number | undefined;
  isSelected: boolean;
  mark: 'above' | 'below' | undefined;
  /** How many comments of colleagues it has. */
  comments: number;
}

function Row({ part, number, isSelected, mark, comments }: RowProps) {
  const { form, guide } = useEditor();
  // The list decides when a row is drawn again.
  const { data } = form.peek();
  const value = mapOf(valueIn(data, part.path));
  const title = nameAt(data, part.path) || part.title || part.id || 'Without a title';
  const type = guide.types.find((one) => one.type === part.type);
  const kind = part.kind === 'field' ? (type?.name ?? part.type) : undefined;
  const isOptional = value['required'] !== true && type?.keys.some(({ key }) => key === 'required');
  return (
    <button
      type="button"
      class={`part ${part.kind}`}
      data-path={part.path.join('.')}
      data-mark={mark}
      draggable
      aria-current={isSelected ? 'true' : undefined}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
    >
      <span class="grip" />
      {number !== undefined && <span class="number">{number}</span>}
      <span class="part-title">
        <bdi>{title}</bdi>
        {part.isTextOnly && <small>Only in Text</small>}
        {kind && !part.isTextOnly && (
          <small>
            {kind}
            {isOptional ? ', optional' : ''}
          </small>
        )}
        {part.kind === 'ending' && value['outcome'] === 'disqualified' && <small>Not eligible</small>}
        {comments > 0 && <span class="comments-mark">{commentsInWords(comments)}</span>}
      </span>
      {value['wink'] !== undefined && (
        <span class="wink-mark" title="Work account">
          <WinkIcon />
        </span>
      )}
    </button>
  ); // prettier-ignore
}

/** The rules of a screen in short: "↳ if None yet → Not yet". */
function RuleRows({ screen, onOpen }: { screen: OutlinePart; onOpen: (path: Path) => void }) {
  const { form, names } = useEditor();
  const { data } = form.value;
  const titleOf = (id: string): string => {
    const screens = screensOf(data).findIndex((one) => idOf(one) === id);
    const endings = endingsOf(data).findIndex((one) => idOf(one) === id);
    return screens >= 0 ? nameAt(data, ['screens', screens]) : endings >= 0 ? nameAt(data, ['endings', endings]) : id;
  };
  const next = valueIn(data, [...screen.path, 'next']);
  const single = { path: [...screen.path, 'next'], when: undefined as Value | undefined, go: next };
  const rules = typeof next === 'string' ? [single] : screen.rules.map(({ path }) => ({ path, when: mapOf(valueIn(data, path))['when'], go: mapOf(valueIn(data, path))['go'] })); // prettier-ignore
  if (!rules.length) return null;
  return (
    <ul class="rules-short">
      {rules.map(({ path, when, go }) => {
        const words =
          when === undefined ? '' : `if ${transitionInWords({ when, from: screen.id ?? '' }, names.value)} `;
        return (
          <li key={path.join('.')}>
            <button type="button" class="rule-short" onClick={() => onOpen(screen.path)}>
              <span aria-hidden="true">↳ </span>
              <bdi>{words}</bdi>
              {when === undefined ? 'then ' : '→ '}
              <bdi>{titleOf(typeof go === 'string' ? go : '')}</bdi>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
