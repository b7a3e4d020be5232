import { datapoint, datapointNames, type DatapointName } from './datapoints.ts';
import { newId } from './ids.ts';
import type { Item, Metadata, Shape } from './state.ts';
import type { World } from './world.ts';

/** What one reading of a source yields: by datapoint, "payload" objects of Smile's OpenAPI document without ids. */
export type Reading = Map<DatapointName, Shape[]>;

/** Smile puts at most this many items of a list into a payload; the rest is read by API (Smile, Event Notifications). */
const MAX_PAYLOAD_ITEMS = 300;

/** Keeps what was read, under new ids. */
export function keepItems(world: World, name: DatapointName, shapes: Shape[], metadata: Metadata): Item[] {
  const items = shapes.map((shape) => ({ id: newId(datapoint(name).prefix), ...shape, metadata }));
  for (const item of items) world.state.items[name].set(item.id, item);
  return items;
}

/** What is kept of a source in one datapoint, oldest first. */
export function itemsOf(world: World, sourceId: string, name: DatapointName): Item[] {
  return [...world.state.items[name].values()].filter((item) => item.metadata.sourceId === sourceId);
}

/** Deletes all that was read from a source, files and exports included. */
export function forget(world: World, sourceId: string): void {
  const { items, files } = world.state;
  for (const name of datapointNames) {
    for (const item of itemsOf(world, sourceId, name)) items[name].delete(item.id);
  }
  for (const [path, file] of files) {
    if (file.sourceId === sourceId) files.delete(path);
  }
}

/** `AllDatapointPayload`, as webhooks and the payload of a user hold it: lists with a cursor, null where there is nothing. */
export function payloadOf(world: World, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.map((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(world, sourceId, name).map(bare);
      if (single) return [payload, shapes[0] ?? null];
      const items = shapes.slice(0, MAX_PAYLOAD_ITEMS);
      return [payload, shapes.length === 0 ? null : { nextCursor: null, items }];
    }),
  );
}

/** The same as `AccountPayload` holds it: plain lists, and nothing where there is nothing. */
export function plainPayloadOf(world: World, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.flatMap((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(world, sourceId, name).map(bare);
      return shapes.length === 0 ? [] : [[payload, single ? shapes[0] : shapes]];
    }),
  );
}

function bare({ metadata: _, ...shape }: Item): Shape {
  return shape;
}
