/** All types of field. A new type is a module in a folder here and a line in this list. */
import { z } from 'zod';
import type { Expression } from '../runtime/expression.ts';
import type { FieldType, FileLimits, Kind, PersonFact } from './field-type.ts';
import { money } from './amounts/money.ts';
import { number } from './amounts/number.ts';
import { checkboxes } from './choices/checkboxes.ts';
import { consent } from './choices/consent.ts';
import { radio } from './choices/radio.ts';
import { rating } from './choices/rating.ts';
import { scale } from './choices/scale.ts';
import { select } from './choices/select.ts';
import { yesNo } from './choices/yes-no.ts';
import { date } from './dates/date.ts';
import { time } from './dates/time.ts';
import { fileType, signature } from './files/files.ts';
import { ADDRESS_NAMES } from '../id.ts';
import { address } from './places/address.ts';
import { country } from './places/country.ts';
import { email } from './text/email.ts';
import { phone } from './text/phone.ts';
import { text } from './text/text.ts';
import { textarea } from './text/textarea.ts';
import { url } from './text/url.ts';
import { computed } from './no-input/computed.ts';
import { hidden } from './no-input/hidden.ts';
import { statement } from './no-input/statement.ts';

const types = {
  text,
  textarea,
  email,
  phone,
  url,
  number,
  money,
  date,
  time,
  radio,
  checkboxes,
  select,
  yes_no: yesNo,
  consent,
  country,
  address,
  rating,
  scale,
  file: fileType,
  signature,
  hidden,
  computed,
  statement,
};

export const fieldTypeNames = Object.keys(types) as (keyof typeof types)[];

export const fieldSchema = z.discriminatedUnion(
  'type',
  Object.values(types).map(({ schema }) => schema) as never,
) as unknown as z.ZodType<Field>;

/** A compiled field of any type. A field that was written as a key of another field names that field in `follows`. */
export type Field = { [T in keyof typeof types]: z.infer<(typeof types)[T]['schema']> }[keyof typeof types] & {
  follows?: string;
};

/** The module of a field's type. */
export const typeOf = (field: Field): FieldType<Field> => moduleOf(field.type);

/** The module of a type. */
export const moduleOf = (type: keyof typeof types): FieldType<Field> => types[type] as unknown as FieldType<Field>;

/** The calculation of a computed field. */
export const formulaOf = (field: Field): Expression | undefined => typeOf(field).formula?.(field);

/** The limits on the files of a field that takes files. */
export const fileLimits = (field: Field): FileLimits | undefined => typeOf(field).files?.(field);

/** Whether an answer to the field can be this fact about a person. */
export const canHold = (field: Field, fact: PersonFact): boolean => typeOf(field).facts?.includes(fact) ?? false;

/** Whether the answer is a full name, because the author named the field so, in a form of any language. */
export const isFullName = (field: Field): boolean =>
  canHold(field, 'name') && 'autocomplete' in field && field.autocomplete === 'name';

const FILLED: Kind[] = ['text', 'number', 'boolean', 'date'];

/** Whether a link or a file of invitations can fill in the answer: one value that people can see and change. */
export const canBeFilled = (field: Field): boolean => {
  const { kind, formula, personal } = typeOf(field);
  return FILLED.includes(kind) && !formula && !personal;
};

/** Whether the address of the page can fill in the answer. Names of Flipsite's own values can't. */
export const linksCanFill = (field: Field): boolean => canBeFilled(field) && !ADDRESS_NAMES.includes(field.id);

/** The type that has `name` as another name. */
export const typeCalled = (name: string): string | undefined =>
  fieldTypeNames.find((type) => moduleOf(type).otherNames?.includes(name));
