import { datapoint, datapointNames, type DatapointName } from '../invented/datapoints.ts';
import { newSandboxId } from './ids.ts';
import type { SandboxItem, Metadata, Shape } from './state.ts';
import type { Sandbox } from '../sandbox.ts';

/** The data of one reading, by datapoint: "payload" objects of Smile's OpenAPI document without ids. */
export type Reading = Map<DatapointName, Shape[]>;

/** Smile's limit for a list in a payload. The API has the rest (Smile, Event Notifications). */
const MAX_PAYLOAD_ITEMS = 300;

/** Stores items, newest first, under new ids. */
export function keepItems(sandbox: Sandbox, name: DatapointName, shapes: Shape[], metadata: Metadata): SandboxItem[] {
  const items = shapes.map((shape) => ({ id: newSandboxId(datapoint(name).prefix), ...shape, metadata })).reverse();
  const read = sandbox.state.read.get(metadata.sourceId) ?? new Map<DatapointName, SandboxItem[]>();
  sandbox.state.read.set(metadata.sourceId, read.set(name, [...(read.get(name) ?? []), ...items]));
  for (const item of items) sandbox.state.items[name].set(item.id, item);
  return items;
}

/** The stored items of a source for one datapoint, oldest first. */
export function itemsOf(sandbox: Sandbox, sourceId: string, name: DatapointName): SandboxItem[] {
  return sandbox.state.read.get(sourceId)?.get(name) ?? [];
}

/** Deletes all data of a source, including files and exports. */
export function forget(sandbox: Sandbox, sourceId: string): void {
  const { items, read, files } = sandbox.state;
  for (const name of datapointNames) {
    for (const item of itemsOf(sandbox, sourceId, name)) items[name].delete(item.id);
  }
  read.delete(sourceId);
  for (const [path, file] of files) {
    if (file.sourceId === sourceId) files.delete(path);
  }
}

/** `AllDatapointPayload`, as in webhooks and in a user's payload: lists with a cursor, null without data. */
export function payloadOf(sandbox: Sandbox, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.map((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(sandbox, sourceId, name).map(bare).reverse();
      if (single) return [payload, shapes[0] ?? null];
      const items = shapes.slice(0, MAX_PAYLOAD_ITEMS);
      return [payload, shapes.length === 0 ? null : { nextCursor: null, items }];
    }),
  );
}

/** The same as in `AccountPayload`: plain lists, and no key without data. */
export function plainPayloadOf(sandbox: Sandbox, sourceId: string): Shape {
  return Object.fromEntries(
    datapointNames.flatMap((name) => {
      const { payload, single } = datapoint(name);
      const shapes = itemsOf(sandbox, sourceId, name).map(bare).reverse();
      return shapes.length === 0 ? [] : [[payload, single ? shapes[0] : shapes]];
    }),
  );
}

function bare({ metadata: _, ...shape }: SandboxItem): Shape {
  return shape;
}
