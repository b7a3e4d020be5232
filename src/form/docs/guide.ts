/**
 * The keys of each part of a form with their help, for the panels of the editor. They come from the schema of the form
 * language.
 */
import { parse } from 'yaml';
import type { Kind } from '../fields/field-type.ts';
import { fieldTypeNames, moduleOf } from '../fields/fields.ts';
import { STARTING_OPTIONS } from '../starting-values.ts';
import { jsonSchema } from './json-schema.ts';
import { capitalize } from '../capitalize.ts';

type Json = { [key: string]: unknown };

/** How the value of a key is edited. */
export type KeyControl =
  | { kind: 'text' }
  /** A text that can differ by language. */
  | { kind: 'texts' }
  | { kind: 'yes_no' }
  | { kind: 'number'; isWhole: boolean }
  /** `usual`: the choice without the key, if there is one. */
  | { kind: 'choice'; choices: string[]; usual?: string }
  /** Several of a few values. */
  | { kind: 'choices'; choices: string[] }
  | { kind: 'list' }
  | { kind: 'options' }
  | { kind: 'condition' }
  /** `true`, or a text. */
  | { kind: 'extra' }
  | { kind: 'map'; keys: KeyGuide[] }
  /** A value that only the text of the form can show. */
  | { kind: 'other' };

export interface KeyGuide {
  key: string;
  /** The sentence of the form language about the key. */
  help: string;
  /** The sentence for panels, where that one is about YAML. */
  plainHelp?: string;
  control: KeyControl;
  /** Absent where it is not: the editor's page has some two hundred keys. */
  isRequired?: true;
}

/** A type of field. */
export interface TypeGuide {
  type: string;
  /** "Choice of one option" */
  name: string;
  about: string;
  /** The sentence for panels, where that one is about YAML. */
  plainAbout?: string;
  /** Types of one group are similar. */
  group: TypeGroup;
  /** How answers are stored and compared. */
  kind: Kind;
  /** The keys that a new field of the type needs, beside id, type and label, with values to begin with. */
  starter: Json;
  keys: KeyGuide[];
}

export type TypeGroup = 'Text' | 'Choice' | 'Number and date' | 'More';

export interface Guide {
  types: TypeGuide[];
  form: KeyGuide[];
  screen: KeyGuide[];
  ending: KeyGuide[];
  wink: KeyGuide[];
  notification: KeyGuide[];
}

const mapOf = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}); // prettier-ignore
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The name of a type of field for people: "Choice of one option". */
export const nameOfType = (type: (typeof fieldTypeNames)[number]): string =>
  capitalize(moduleOf(type).noun.replace(/^an? /, ''));

/** The guide of the form language. It is the same for every form. */
export function formGuide(): Guide {
  const schema = jsonSchema();
  const properties = mapOf(schema['properties']);
  const items = (value: unknown): Json => mapOf(mapOf(value)['items']);
  const screen = items(properties['screens']);
  const field = items(mapOf(screen['properties'])['fields']);
  const types = [...listOf(field['oneOf']), ...listOf(field['anyOf'])].map(mapOf);
  const [wink = {}] = listOf(mapOf(mapOf(screen['properties'])['wink'])['anyOf']).map(mapOf);
  return {
    types: fieldTypeNames.map((type): TypeGuide => {
      const keys = keysOf(types.find((one) => mapOf(mapOf(one['properties'])['type'])['const'] === type));
      const { manual, inPanels, kind } = moduleOf(type);
      return {
        type,
        name: nameOfType(type),
        about: manual.about,
        ...(inPanels?.about && { plainAbout: inPanels.about }),
        group: groupOf(kind, keys),
        kind,
        starter: starterOf(type, manual.example, keys),
        keys: keys.map((one) => {
          const plainHelp = inPanels?.keys?.[one.key];
          return plainHelp === undefined ? one : { ...one, plainHelp };
        }),
      };
    }),
    form: keysOf(schema),
    screen: keysOf(screen),
    ending: keysOf(items(properties['endings'])),
    wink: keysOf(wink),
    notification: keysOf(items(properties['notify'])),
  };
}

function groupOf(kind: Kind, keys: readonly KeyGuide[]): TypeGroup {
  const has = (key: string) => keys.some((one) => one.key === key);
  if (has('options') || kind === 'boolean') return 'Choice';
  if (!has('help') || has('value') || kind === 'files' || kind === 'parts') return 'More';
  return kind === 'number' || kind === 'date' ? 'Number and date' : 'Text';
}

/** A value for each required key: from the manual's example, or a plain one if the example names other parts. */
function starterOf(type: string, example: string, keys: readonly KeyGuide[]): Json {
  const fields = listOf(parse(example)).map(mapOf);
  const own = mapOf(fields.find((one) => one['type'] === type));
  const needed = keys.filter(({ key, isRequired }) => isRequired && !['id', 'type', 'label', 'text'].includes(key));
  return Object.fromEntries(
    needed.map(({ key, control }) => {
      if (control.kind === 'options') return [key, [...STARTING_OPTIONS]];
      return [key, key === 'value' ? '0' : own[key]];
    }),
  );
}

function keysOf(schema: unknown): KeyGuide[] {
  const { properties, required } = mapOf(schema);
  return Object.entries(mapOf(properties)).map(([key, value]) => ({
    key,
    help: String(mapOf(value)['description'] ?? ''),
    control: controlOf(key, mapOf(value)),
    ...(listOf(required).includes(key) && { isRequired: true }),
  }));
}

function controlOf(key: string, schema: Json): KeyControl {
  const reference = String(mapOf(listOf(schema['allOf'])[0])['$ref'] ?? '');
  if (reference.endsWith('/text')) return { kind: 'texts' };
  if (reference.endsWith('/condition')) return { kind: 'condition' };
  if (key === 'options') return { kind: 'options' };
  const choices = listOf(schema['enum']).map(String);
  const usual = schema['default'];
  if (choices.length) return { kind: 'choice', choices, ...(usual !== undefined && { usual: String(usual) }) };
  const isWhole = schema['type'] === 'integer';
  if (isWhole || isOf(schema, 'number')) return { kind: 'number', isWhole };
  if (isOf(schema, 'boolean')) return { kind: 'yes_no' };
  if (isOf(schema, 'string')) return { kind: 'text' };
  if (isOf(schema, 'object')) return { kind: 'map', keys: keysOf(schema) };
  if (!isOf(schema, 'array')) return unionControl(listOf(schema['anyOf']).map(mapOf));
  const items = mapOf(schema['items']);
  const of = listOf(items['enum']).map(String);
  // Media types are for developers. Groups of them, such as images, are for everyone.
  if (of.length) return { kind: 'choices', choices: of.filter((one) => !one.includes('/')) };
  return isOf(items, 'string') ? { kind: 'list' } : { kind: 'other' };
}

const isOf = (schema: Json, type: string): boolean => schema['type'] === type;

/** If several shapes are possible, the one that authors write. */
function unionControl(shapes: Json[]): KeyControl {
  const isTrue = shapes.some((one) => one['const'] === true);
  const controls = shapes.map((one) => controlOf('', one));
  if (isTrue && controls.some(({ kind }) => kind === 'texts')) return { kind: 'extra' };
  if (isTrue) return { kind: 'yes_no' };
  const kinds = new Set(controls.map(({ kind }) => kind));
  const number = controls.find(({ kind }) => kind === 'number');
  if (kinds.has('text')) return number && kinds.size === 2 ? { kind: 'text' } : kinds.has('list') && kinds.size === 2 ? { kind: 'list' } : kinds.size === 1 ? { kind: 'text' } : { kind: 'other' }; // prettier-ignore
  return number && kinds.size === 1 ? number : { kind: 'other' };
}
