/**
 * Reading what Smile answers. Smile adds fields and words at any time, leaves out some that it documents, and gives null
 * where a provider has nothing. So an answer must have what we cannot do without; what else is missing is named, not fatal.
 */
import { z } from 'zod';

type Fields = Record<string, z.ZodType>;

/** What `shape` reads: the needed fields as they are, the others perhaps. */
export type Shaped<Needed extends Fields, Others extends Fields> = {
  [K in keyof Needed]: z.output<Needed[K]>;
} & { [K in keyof Others]?: z.output<Others[K]> | null };

/** The fields that this reading has missed; reading is synchronous, so one at a time. */
let missed = new Set<string>();

/**
 * An object of Smile's. Without a field that is `needed` it cannot be read. One that is `documented` as always there is
 * missed when it is not; one that is `optional` only when it is not of its type. `noun` names the object: `account.monitor`.
 */
export function shape<
  N extends Fields,
  D extends Fields = Record<never, never>,
  O extends Fields = Record<never, never>,
>(noun: string, needed: N, documented = {} as D, optional = {} as O): z.ZodType<Shaped<N, D & O>> {
  const lenient = (fields: Fields, type: (schema: z.ZodType) => z.ZodType) =>
    Object.entries(fields).map(([name, schema]) => {
      const note = () => {
        missed.add(`${noun}.${name}`);
        return undefined;
      };
      return [name, type(schema).catch(note)] as const;
    });
  const fields = {
    ...needed,
    ...Object.fromEntries(lenient(documented, (schema) => schema.nullable())),
    ...Object.fromEntries(lenient(optional, (schema) => schema.nullish())),
  };
  return z.object(fields) as unknown as z.ZodType<Shaped<N, D & O>>;
}

/** Reads `value`, and tells which documented fields it had not. */
export function read<T>(schema: z.ZodType<T>, value: unknown): { result: z.ZodSafeParseResult<T>; missed: string[] } {
  missed = new Set();
  const result = schema.safeParse(value);
  return { result, missed: [...missed] };
}

/** One of Smile's words, or one it has added since. */
export function openEnum<Word extends string>(): z.ZodType<Word | (string & {})> {
  return z.string();
}

/** A number, which some write as a text. */
export const amount: z.ZodType<number> = z.union([
  z.number(),
  z.string().regex(/^-?\d{1,15}(\.\d+)?$/).transform(Number),
]); // prettier-ignore
