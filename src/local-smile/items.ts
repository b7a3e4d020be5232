import { datapoint, datapointNames, type DatapointName } from './datapoints.ts';
import { newSandboxId } from './ids.ts';
import type { SandboxItem, Metadata, Shape } from './state.ts';
import type { Sandbox } from './sandbox.ts';

/** What one reading of a source yields: by datapoint, "payload" objects of Smile's OpenAPI document without ids. */
export type Reading = Map<DatapointName, Shape[]>;

/** Smile puts at most this many items of a list into a payload; the rest is read by API (Smile, Event Notifications). */
const MAX_PAYLOAD_ITEMS = 300;

/** Keeps what was read, newest first, under new ids. */
export function keepItems(world: Sandbox, name: DatapointName, shapes: Shape[], metadata: Metadata): SandboxItem[] {
  const items = shapes.map((shape) => ({ id: newSandboxId(datapoint(name).prefix), ...shape, metadata })).reverse();
  const read = world.state.read.get(metadata.sourceId) ?? new Map<DatapointName, SandboxItem[]>();
  world.state.read.set(metadata.sourceId, read.set(name, [...(read.get(name) ?? []), ...items]));
  for (const item of items) world.state.items[name].set(item.id, item);
  return items;
}

/** What is kept of a source in one datapoint, oldest first. */
export function itemsOf(world: Sandbox, sourceId: string, name: DatapointName): SandboxItem[] {
  return world.state.read.get(sourceId)?.get(name) ?? [];
}

/** Deletes all that was read from a source, files and exports included. */
export function forget(world: Sandbox, sourceId: string): void {
  const { items, read, files } = world.state;
  for (const name of datapointNames) {
    for (const item of itemsOf(world, sourceId, name)) items[name].delete(item.id);
  }
  read.delete(sourceId);
  for (const [path, file] of files) {
    if (file.sourceId === sourceId) files.delete(path);
  }
}

/** `AllDatapointPayload`, as webhooks and the payload of a user hold it: lists with a cursor, null where there is nothing. */
export function payloadOf(world: Sandbox, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.map((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(world, sourceId, name).map(bare).reverse();
      if (single) return [payload, shapes[0] ?? null];
      const items = shapes.slice(0, MAX_PAYLOAD_ITEMS);
      return [payload, shapes.length === 0 ? null : { nextCursor: null, items }];
    }),
  );
}

/** The same as `AccountPayload` holds it: plain lists, and nothing where there is nothing. */
export function plainPayloadOf(world: Sandbox, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.flatMap((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(world, sourceId, name).map(bare).reverse();
      return shapes.length === 0 ? [] : [[payload, single ? shapes[0] : shapes]];
    }),
  );
}

function bare({ metadata: _, ...shape }: SandboxItem): Shape {
  return shape;
}
