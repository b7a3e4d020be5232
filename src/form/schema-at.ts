/** Finds the part of a zod schema that stands at a path, for the words of faults. */
import type { z } from 'zod';

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
  values?: unknown[];
}

const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

/** The keys that an object at `path` can have, or nothing when no object schema stands there. */
export function keysAt(root: z.ZodType, path: PropertyKey[], data: unknown): string[] | undefined {
  const shape = schemaAt(root, path, data)
    .map((schema) => defOf(schema).shape)
    .find(Boolean);
  return shape && Object.keys(shape);
}

/** The description of what stands at `path`. */
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

/** The schema at `path` and what it wraps, outermost first. */
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

/** The option of a union that `value` means: by its `type` key, else by being a list. */
function option(options: z.ZodType[], value: unknown): z.ZodType | undefined {
  const type: unknown = value !== null && typeof value === 'object' && 'type' in value ? value.type : undefined;
  const byType = options.find((one) => unwrap(one, undefined).some((layer) => {
    const literal = defOf(layer).shape?.['type'];
    return literal && defOf(literal).values?.includes(type);
  })); // prettier-ignore
  return byType ?? (Array.isArray(value) ? options.find((one) => defOf(one).type === 'array') : undefined);
}
