/** Finds the part of a zod schema at a path, for the sentences of faults. */
import type { z } from 'zod';
import { textSchema } from '../keys.ts';

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
  values?: unknown[];
  defaultValue?: unknown;
}

const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

/** The keys that an object at `path` can have. Undefined if the schema has no object there. */
export function keysAt(root: z.ZodType, path: PropertyKey[], data: unknown): string[] | undefined {
  const shape = schemaAt(root, path, data)
    .map((schema) => defOf(schema).shape)
    .find(Boolean);
  return shape && Object.keys(shape);
}

/** The description of the part at `path`. */
export function describeSchema(root: z.ZodType, path: PropertyKey[], data: unknown): string | undefined {
  return schemaAt(root, path, data)
    .map((schema) => schema.description)
    .find(Boolean);
}

/** The value at `path` in plain data. */
export function valueAt(data: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    data,
  );
}

export interface Key {
  name: string;
  /** Its description. */
  about: string;
  needed: boolean;
  /** The default, if it is a value. */
  otherwise: unknown;
  /** The keys of this map, or of each map of this list. */
  keys: Key[];
}

/**
 * The keys of the map, or of each map of the list, that `schema` describes; for a union, of the map among its options.
 */
export function keysOf(schema: z.ZodType): Key[] {
  const layers = unwrap(schema, []).map(defOf);
  const { shape, element } = layers.find((def) => def.shape ?? def.element) ?? {};
  if (element) return keysOf(element);
  return Object.entries(shape ?? {}).map(([name, value]) => {
    const wraps = unwrap(value, []);
    return {
      name,
      about: wraps.map(({ description }) => description).find(Boolean) ?? '',
      needed: !value.safeParse(undefined).success,
      otherwise: wraps.map((layer) => defOf(layer).defaultValue).find((one) => one !== undefined),
      keys: keysOf(value),
    };
  });
}

export interface SchemaPart {
  path: PropertyKey[];
  value: unknown;
  /** The schema that describes it, and the schemas inside of it, outermost first. */
  layers: z.ZodType[];
}

/** Every part of `data` with a schema for its keys or entries, in the order of the schema; `data` itself first. */
export function* schemaParts(root: z.ZodType, data: unknown, path: PropertyKey[] = []): Generator<SchemaPart> {
  if (data === undefined || data === null) return;
  const layers = unwrap(root, data);
  yield { path, value: data, layers };
  const { shape, element } = layers.map(defOf).find((def) => def.shape ?? def.element) ?? {};
  if (element && Array.isArray(data))
    for (const [at, one] of data.entries()) yield* schemaParts(element, one, [...path, at]);
  if (shape) {
    for (const [key, schema] of Object.entries(shape)) yield* schemaParts(schema, valueAt(data, [key]), [...path, key]);
  }
}

/** Whether `layers` describe a text of the author, under any description. */
export const isText = (layers: z.ZodType[]): boolean =>
  layers.some((layer) => defOf(layer).options !== undefined && defOf(layer).options === defOf(textSchema).options);

/** Whether there is such a text at `path`. */
export const isTextAt = (root: z.ZodType, path: PropertyKey[], data: unknown): boolean =>
  isText(schemaAt(root, path, data));

/** The schema at `path` and the schemas inside of it, outermost first. */
function schemaAt(root: z.ZodType, path: PropertyKey[], data: unknown): z.ZodType[] {
  let layers = unwrap(root, data);
  let value = data;
  for (const step of path) {
    value = value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[step] : undefined;
    const inner = layers
      .map((schema) => defOf(schema))
      .map((def) => (typeof step === 'number' ? def.element : def.shape?.[String(step)]))
      .find(Boolean);
    if (!inner) return [];
    layers = unwrap(inner, value);
  }
  return layers;
}

function unwrap(schema: z.ZodType, value: unknown): z.ZodType[] {
  const def = defOf(schema);
  const inner =
    def.innerType ?? (def.type === 'pipe' ? def.in : undefined) ?? (def.options && option(def.options, value));
  return inner ? [schema, ...unwrap(inner, value)] : [schema];
}

/** The option of a union for `value`: by its `type` key, or else by being a list or a map, or else another union. */
function option(options: z.ZodType[], value: unknown): z.ZodType | undefined {
  const type: unknown = value !== null && typeof value === 'object' && 'type' in value ? value.type : undefined;
  const byType = options.find((one) => unwrap(one, undefined).some((layer) => {
    const literal = defOf(layer).shape?.['type'];
    return literal && defOf(literal).values?.includes(type);
  })); // prettier-ignore
  const kinds = Array.isArray(value) ? ['array', 'object'] : typeof value === 'object' ? ['object', 'record'] : [];
  return byType ?? [...kinds, 'union'].map((kind) => options.find((one) => defOf(one).type === kind)).find(Boolean);
}
