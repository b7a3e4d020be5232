/** The form language as JSON Schema, for suggestions, hints and faults in editors. */
import { z } from 'zod';
import { conditionSchema, operatorsSchema } from '../logic/condition-schema.ts';
import { textSchema } from '../keys.ts';
import { isText } from '../faults/schema-at.ts';
import { formSchema } from '../schema.ts';

type Json = Record<string, unknown>;

const DRAFT = { io: 'input', target: 'draft-7', unrepresentable: 'any' } as const;

/** JSON Schema of a form's file (draft 7, which most editors support). It comes from the schema that the check uses. */
export function jsonSchema(): Json {
  const { $schema, ...form } = z.toJSONSchema(formSchema, {
    ...DRAFT,
    override: ({ zodSchema, jsonSchema: json }) => {
      const schema = zodSchema as unknown as z.ZodType;
      if (schema === conditionSchema) become(json, refersTo('condition'));
      if (isText([schema])) become(json, { ...described(json), ...refersTo('text') });
    },
  });
  return {
    $schema,
    title: 'A form of Flipsite',
    ...form,
    definitions: { text: plain(textSchema), condition: condition() },
  };
}

/** Inside `allOf`, because draft 7 ignores everything beside a `$ref`. */
const refersTo = (name: string): Json => ({ allOf: [{ $ref: `#/definitions/${name}` }] });

function become(json: Json, other: Json): void {
  for (const key of Object.keys(json)) delete json[key];
  Object.assign(json, other);
}

const described = ({ description }: Json): Json => (description === undefined ? {} : { description });

function plain(schema: z.ZodType): Json {
  const { $schema: _, '~standard': __, ...json } = z.toJSONSchema(schema, DRAFT) as Json;
  return json;
}

/**
 * The keys of a condition are ids of fields, beside the three that group conditions. Its own schema reads them one by
 * one.
 */
function condition(): Json {
  const value = { type: ['string', 'number', 'boolean'] };
  const values = { type: 'array', minItems: 1, items: value };
  const conditions = { type: 'array', minItems: 1, items: { $ref: '#/definitions/condition' } };
  return {
    type: 'object',
    minProperties: 1,
    description:
      'A field and its answer: { status: none }. Several keys must all be true. any, all and none can contain each other',
    properties: {
      any: { ...conditions, description: 'At least one of these is true' },
      all: { ...conditions, description: 'All of these are true' },
      none: { ...conditions, description: 'None of these is true' },
    },
    additionalProperties: { anyOf: [value, values, { ...plain(operatorsSchema), minProperties: 1 }] },
  };
}
