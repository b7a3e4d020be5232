/** The journeys of the form as a picture, and as a list. Each box opens its part. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { useEditor } from '../context.tsx';
import { isSamePath } from '../outline/dependents.ts';
import { panelPathOf } from '../panels/panel-path.ts';
import { journeyMap, MAP, mapInWords, type JourneyMap, type MapArrow, type MapBox } from './journey-map.ts';

/** @param onOpen called when a person opens a part, after `selection` is set */
export function MapView({ onOpen }: { onOpen: () => void }) {
  const { model, form, kinds } = useEditor();
  const { data } = form.value;
  const map = useMemo(() => journeyMap(data, kinds), [data, kinds]);
  const [isFitted, setFitted] = useState(false);
  const selected = model.selection.value && panelPathOf(model.selection.value);
  const screen = selected?.slice(0, 2);
  const open = (path: Path) => {
    model.selection.value = path;
    onOpen();
  };
  return (
    <div class="map">
      <div class="row map-bar">
        <button type="button" class="button" aria-pressed={isFitted} onClick={() => setFitted(!isFitted)}>
          {isFitted ? 'Original size' : 'Fit to width'}
        </button>
      </div>
      <div class="map-scroll" data-fitted={isFitted ? '' : undefined}>
        <Picture map={map} isFitted={isFitted} selected={screen} onOpen={open} />
      </div>
      <details class="more">
        <summary>The same as a list</summary>
        <ol class="map-list">
          {mapInWords(map).map(({ box, ways }) => (
            <li key={box.id}>
              <button type="button" class="quiet" onClick={() => open(box.path)}>
                <bdi>{box.title}</bdi>
              </button>{' '}
              <span class="dim">
                {box.meta}
                {!box.isReached && ', cannot be reached'}
              </span>
              {ways.length > 0 && (
                <ul class="plain">
                  {ways.map((words) => (
                    <li key={words}>
                      <bdi>{words}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

interface PictureProps {
  map: JourneyMap;
  isFitted: boolean;
  selected: Path | undefined;
  onOpen: (path: Path) => void;
}

/** The map takes the width that there is, as long as its texts stay easy to read. */
const [MIN_SCALE, MAX_SCALE] = [0.85, 1.15];

function Picture({ map, isFitted, selected, onOpen }: PictureProps) {
  const picture = useRef<SVGSVGElement>(null);
  const { boxes, arrows, width, height } = map;
  const isEnd = new Set(boxes.filter(({ kind }) => kind === 'ending' || kind === 'disqualified').map(({ id }) => id));
  const chosen = boxes.find(({ path }) => selected !== undefined && isSamePath(path, selected))?.id;
  const heads = new Map(arrows.filter(({ isBack }) => !isBack).map(({ to, isMain }) => [to, isMain]));
  /** Arrow keys go to the nearest box in their direction. */
  function keyDown(event: KeyboardEvent, box: MapBox): void {
    const ways: Record<string, [number, number]> = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }; // prettier-ignore
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return onOpen(box.path);
    }
    const way = ways[event.key];
    if (!way) return undefined;
    event.preventDefault();
    const next = nearest(boxes, box, way);
    return next && picture.current?.querySelector<SVGGElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus();
  }
  return (
    <svg
      ref={picture}
      viewBox={`0 0 ${width} ${height}`}
      style={{ minInlineSize: isFitted ? 0 : `${MIN_SCALE * width}px`, maxInlineSize: `${MAX_SCALE * width}px` }}
      role="group"
      aria-label="Map of the form"
      class="journey"
    >
      {arrows.map((arrow) => (
        <path
          key={`${arrow.from} ${arrow.to}`}
          class="way"
          d={arrow.d}
          data-main={arrow.isMain ? '' : undefined}
          data-back={arrow.isBack ? '' : undefined}
          data-near={chosen !== undefined && (arrow.from === chosen || arrow.to === chosen) ? '' : undefined}
        />
      ))}
      {boxes.map((box) => (heads.has(box.id) ? <path key={box.id} class="head" d={headAt(box)} /> : null))}
      {arrows.map((arrow) => (
        <Label key={`${arrow.from} ${arrow.to}`} arrow={arrow} onOpen={() => onOpen(boxes.find(({ id }) => id === arrow.from)?.path ?? [])} />
      ))}
      {boxes.map((box) => (
        <g
          key={box.id}
          class={`box ${box.kind}`}
          data-id={box.id}
          data-path={box.path.join('.')}
          data-selected={box.id === chosen ? '' : undefined}
          data-lost={box.isReached ? undefined : ''}
          role="button"
          tabindex={0}
          aria-current={box.id === chosen ? 'true' : undefined}
          transform={`translate(${box.x} ${box.y})`}
          onClick={() => onOpen(box.path)}
          onKeyDown={(event) => keyDown(event, box)}
        >
          <rect width={box.width} height={box.height} rx={isEnd.has(box.id) ? Math.min(28, box.height / 2) : 12} />
          {box.lines.map((line, at) => (
            <text key={at} class="box-title" x={isEnd.has(box.id) ? box.width / 2 : MAP.pad} y={MAP.pad + 14 + at * MAP.line} text-anchor={isEnd.has(box.id) ? 'middle' : 'start'}>{`${line} `}</text>
          ))}
          <text class="meta" x={isEnd.has(box.id) ? box.width / 2 : MAP.pad} y={box.height - MAP.pad + 2} text-anchor={isEnd.has(box.id) ? 'middle' : 'start'}>
            {box.number === undefined ? '' : `${box.number} · `}
            {box.meta}
            {box.isReached ? '' : ' · cannot be reached'}
          </text>
          {box.kind === 'wink' && <path class="bolt" transform={`translate(${box.width - 36} ${MAP.pad - 4}) scale(0.85)`} d="M13 2 4 14h6l-1 8 9-12h-6z" />}
        </g>
      ))}
    </svg>
  ); // prettier-ignore
}

/** An arrowhead that touches the top of a box. */
const headAt = ({ x, y, width }: MapBox): string => `M${x + width / 2} ${y - 1}l-5.5 -9h11z`;

function Label({ arrow, onOpen }: { arrow: MapArrow; onOpen: () => void }) {
  const { label, conditions } = arrow;
  if (!label) return null;
  let y = label.y + MAP.labelPad / 2 + 13;
  return (
    <g class="way-label" onClick={onOpen} aria-hidden="true">
      <rect x={label.x} y={label.y} width={label.width} height={label.height} rx="8" />
      {conditions.map(({ lines }, index) => {
        const first = y;
        y += lines.length * MAP.smallLine + 4;
        return lines.map((line, at) => (
          <text key={`${index}.${at}`} x={label.x + label.width / 2} y={first + at * MAP.smallLine} text-anchor="middle">
            {line}
          </text>
        ));
      })}
    </g>
  ); // prettier-ignore
}

/** The nearest box in a direction. A sideways distance counts more. */
function nearest(boxes: readonly MapBox[], from: MapBox, [dx, dy]: [number, number]): MapBox | undefined {
  const middle = (box: MapBox) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const start = middle(from);
  const places = boxes.flatMap((box) => {
    const { x, y } = middle(box);
    const [along, across] = [(x - start.x) * dx + (y - start.y) * dy, Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx)]; // prettier-ignore
    return along > 1 ? [{ box, distance: along + across * 2 }] : [];
  });
  return places.sort((one, other) => one.distance - other.distance)[0]?.box;
}
