/**
 * Schemas of answers. They describe answers in `openapi.json`, and check none. Each is made when that is first asked for,
 * because a schema takes some 10 kB of memory.
 */
import { z } from 'zod';

/** The schemas that have a name in `openapi.json`, of those that were made. */
export const namedSchemas = z.registry<{ id: string }>();

/**
 * Returns a function that makes the schema once.
 * @param id the name of the schema in `openapi.json`
 */
export function named<Schema extends z.ZodType>(id: string, make: () => Schema): () => Schema {
  let schema: Schema | undefined;
  return () => {
    if (!schema) namedSchemas.add((schema = make()), { id });
    return schema;
  };
}

/** A schema of each key of `T`. The compiler refuses one that is missing or has another type. */
type Shape<T> = { [Key in keyof T]-?: z.ZodType<T[Key]> };

/** The same for an answer that has a type already. */
export const answerOf = <T extends object>(id: string, shape: () => Shape<T>): (() => z.ZodType<T>) =>
  named(id, () => z.object(shape()) as unknown as z.ZodType<T>);

/** A time in ISO 8601. */
export const isoTime = () => z.iso.datetime({ offset: true });

/** A number of things, or a size in bytes. */
export const count = () => z.int().min(0);

export const answers = named('Answers', () =>
  z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.string())]),
    )
    .describe('The answers by the id of their field. The type of a field decides the type of its answer'),
);

export const params = () =>
  z.record(z.string(), z.string()).describe('The declared params of the form, and values that begin with utm_');
