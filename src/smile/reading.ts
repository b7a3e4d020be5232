/**
 * Reads Smile's answers. Smile may add fields and values, leave out documented ones, and send null where a provider has
 * nothing. So only the needed fields are required. Other missing fields are reported and are no error.
 */
import { z } from 'zod';
import { SMILE_LIMITS } from '../site-limits/smile-limits.ts';

const { smileListItems, smileItemsTogether } = SMILE_LIMITS;

type Fields = Record<string, z.ZodType>;

/** The output of `shape`: needed fields, and perhaps the others. */
export type Shaped<Needed extends Fields, Extra extends Fields> = {
  [K in keyof Needed]: z.output<Needed[K]>;
} & { [K in keyof Extra]?: z.output<Extra[K]> | null };

/** The missing fields of the current read, and the items of all its lists. Reads are synchronous, so there is one at a time. */
let missing = new Set<string>();
let listed = 0;

/**
 * An object of Smile. `needed` fields are required. A `documented` field is reported if absent or of another type, an
 * `optional` one only if of another type. `noun` names the object in reports: `account.monitor`.
 */
export function shape<
  N extends Fields = Record<never, never>,
  D extends Fields = Record<never, never>,
  O extends Fields = Record<never, never>,
>(
  noun: string,
  { needed = {} as N, documented = {} as D, optional = {} as O }: { needed?: N; documented?: D; optional?: O },
): z.ZodType<Shaped<N, D & O>> {
  const catching = (fields: Fields, type: (schema: z.ZodType) => z.ZodType) =>
    Object.entries(fields).map(([name, schema]) => {
      const noteMissing = () => {
        missing.add(`${noun}.${name}`);
        return undefined;
      };
      return [name, type(schema).catch(noteMissing)] as const;
    });
  const fields = {
    ...needed,
    ...Object.fromEntries(catching(documented, (schema) => schema.nullable())),
    ...Object.fromEntries(catching(optional, (schema) => schema.nullish())),
  };
  return z.object(fields) as unknown as z.ZodType<Shaped<N, D & O>>;
}

/** Parses `value`. @returns the result, and the documented fields that were missing */
export function read<T>(schema: z.ZodType<T>, value: unknown): { result: z.ZodSafeParseResult<T>; missing: string[] } {
  missing = new Set();
  listed = 0;
  const result = schema.safeParse(value);
  if (listed <= smileItemsTogether.value) return { result, missing: [...missing] };
  const error = new z.ZodError([{ code: 'custom', path: ['data'], message: 'has too many items' }]) as z.ZodError<T>;
  return { result: { success: false, error }, missing: [] };
}

/** A list of Smile. A longer one is refused before its items are read. */
export const boundedList = <T>(item: z.ZodType<T>): z.ZodType<T[]> =>
  z
    .custom<unknown[]>(
      (list) =>
        Array.isArray(list) &&
        list.length <= smileListItems.value &&
        (listed += list.length) <= smileItemsTogether.value,
    )
    .pipe(z.array(item));

/** Values by names that Smile chooses. One with more names than a list may have items is refused before it is read. */
export const boundedRecord: z.ZodType<Record<string, unknown>> = z
  .custom<object>(
    (value) => typeof value === 'object' && value !== null && Object.keys(value).length <= smileListItems.value,
  )
  .pipe(z.record(z.string(), z.unknown()));

/** One of Smile's values, or one that Smile added later. */
export function openEnum<Word extends string>(schema = z.string()): z.ZodType<Word | (string & {})> {
  return schema;
}

/** A number, or a number as text. */
export const amount: z.ZodType<number> = z.union([
  z.number(),
  z.string().regex(/^-?\d{1,15}(\.\d+)?$/).transform(Number),
]); // prettier-ignore
