/** Random YAML texts of forms in many styles, random changes of them, and a plain model of each change. */
import { isSameValue, type EditChange, type Path, type Value, type ValueMap } from '../../../src/form/edit/value.ts';

/** A random number generator that a seed decides (mulberry32). */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  /** At least 0, and less than `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** Texts that have gone wrong in editors, and plain ones. */
const TEXTS = [
  'Name', 'Full name', 'Where do you live?', '¿Dónde vives?', 'ชื่อ', '姓名', '👩‍👩‍👧 family', 'yes', 'no', '007', '1e3', '~', 'null', 'true', '2026-01-01', '08:00',
  'a: b', 'a #b', '# no comment', '- dash', '? what', ': colon', 'ends with:', 'comma, here', '[list]', '{map}', '{full_name}', "it's", '"quoted"', "'single'",
  'back\\slash', 'tab\there', ' leading', 'trailing ', '', '   ', '@at', '`tick`', '%percent', '!tag', '&anchor', '*alias', '|', '>', '---', '...', 'x'.repeat(140),
  'first line\nsecond line', 'ends with a break\n', 'two\n\nparagraphs', '  indented\nlines', 'with # hash\nand: colon', 'tab\tin\nlines', 'many words that a narrow text breaks over several lines of the file',
]; // prettier-ignore

const WORDS = [
  'Name',
  'Work',
  'Your phone',
  'City',
  'Thank you',
  'What is your pay?',
  'Address of your employer',
  'Ana, Ben',
];

export const randomText = (random: Random): string => (random.chance(50) ? random.pick(WORDS) : random.pick(TEXTS));

const randomScalar = (random: Random): Value =>
  random.chance(70) ? randomText(random) : random.pick<Value>([true, false, null, 0, -1.5, 12, 1e21, 1e-7]);

const randomLanguageText = (random: Random): Value =>
  random.chance(70) ? randomText(random) : { en: randomText(random), es: randomText(random) };

let fresh = 0;
const freshId = (random: Random): string =>
  `${random.pick(['name', 'pay', 'city', 'job', 'true', 'no', 'on'])}_${fresh++}`;

/** A field, with the keys that fields have. */
export function randomField(random: Random): ValueMap {
  const field: ValueMap = {
    id: freshId(random),
    type: random.pick(['text', 'radio', 'number']),
    label: randomLanguageText(random),
  };
  if (random.chance(40)) field['help'] = randomLanguageText(random);
  if (random.chance(40)) field['required'] = true;
  if (field['type'] === 'radio') field['options'] = Array.from({ length: 1 + random.below(4) }, (_, at) => random.chance(30) ? `Option ${at}` : { value: `v${at}`, label: randomLanguageText(random) }); // prettier-ignore
  if (random.chance(20))
    field['show_when'] = { [`other_${random.below(9)}`]: random.pick<Value>(['v0', ['v0', 'v1'], { at_least: 3 }]) };
  return field;
}

export function randomScreen(random: Random): ValueMap {
  const screen: ValueMap = { id: freshId(random), title: randomLanguageText(random) };
  if (random.chance(30)) screen['text'] = randomLanguageText(random);
  if (random.chance(85)) screen['fields'] = Array.from({ length: random.below(4) }, () => randomField(random));
  if (random.chance(40))
    screen['next'] = Array.from({ length: 1 + random.below(2) }, () => ({
      when: { [`a_${random.below(9)}`]: 'v0' },
      go: 'done',
    }));
  return screen;
}

/** The data of a form. Not all of its references lead somewhere. */
export function randomFormData(random: Random): ValueMap {
  const form: ValueMap = { title: randomLanguageText(random) };
  if (random.chance(50)) form['languages'] = ['en', 'es'];
  if (random.chance(30)) form['brand'] = { name: randomText(random), color: '#0b6e4f' };
  if (random.chance(30)) form['params'] = random.chance(50) ? [] : ['customer', 'ref'];
  form['screens'] = Array.from({ length: 1 + random.below(4) }, () => randomScreen(random));
  form['endings'] = Array.from({ length: 1 + random.below(3) }, () => ({
    id: freshId(random),
    title: randomLanguageText(random),
  }));
  return form;
}

/** A form whose fields, screens and endings refer to each other. An id is in no other text. */
export function randomFormWithReferences(random: Random): ValueMap {
  const form = randomFormData(random);
  const screens = form['screens'] as ValueMap[];
  const endings = form['endings'] as ValueMap[];
  const fields = screens.flatMap((screen) => (screen['fields'] ?? []) as ValueMap[]);
  const things = [...screens, ...endings, ...fields];
  for (const [at, thing] of things.entries()) thing['id'] = `q${at}_id`;
  for (const field of fields) if (field['type'] === 'radio' && random.chance(40)) field['other'] = true;
  if (!fields.length) return form;
  const question = (): string => {
    const { id, other } = random.pick(fields);
    return `${String(id)}${other && random.chance(30) ? '_other' : ''}`;
  };
  const target = () => random.pick([...screens, ...endings])['id'] ?? '';
  const condition = (): Value => random.chance(30) ? { any: [{ [question()]: 'v0' }, { all: [{ [question()]: { not: 'v1' } }] }] } : { [question()]: ['v0', 'v1'] };
  for (const screen of screens) {
    if (random.chance(60)) screen['text'] = random.pick([`Hello {${question()}}, and {${question()}} and more words`, `First {${question()}}\nsecond\n`]);
    if (random.chance(70)) screen['next'] = random.chance(30) ? target() : [{ when: condition(), go: target() }, { go: target() }];
  }
  for (const field of fields) {
    if (random.chance(50)) field['show_when'] = condition();
    if (random.chance(50)) field['label'] = random.chance(50) ? `Your {${question()}}?` : { en: `Your {${question()}}`, es: `Tu {${question()}}` };
    if (random.chance(20)) Object.assign(field, { type: 'computed', value: `min(${question()}, 3) * ${question()}` });
  }
  for (const ending of endings) if (random.chance(30)) ending['redirect'] = `https://a.example/{${question()}}`;
  form['limits'] = { one_per: random.pick(fields)['id'] ?? '' };
  form['match'] = { name: [random.pick(fields)['id'] ?? ''], employer: random.pick(fields)['id'] ?? '' };
  form['examples'] = [{ name: 'all', answers: Object.fromEntries(fields.map(({ id }) => [String(id), 'v0'])), ends: endings[0]?.['id'] ?? '' }];
  return form;
} // prettier-ignore

/** A renaming in a form of `randomFormWithReferences`. */
export function randomRenaming(data: ValueMap, random: Random): RandomChange {
  const screens = data['screens'] as ValueMap[];
  const fields = screens.flatMap((screen, at) =>
    ((screen['fields'] ?? []) as ValueMap[]).map((field, index) => ({ path: ['screens', at, 'fields', index], id: field['id'] })),
  );
  const others = ['screens', 'endings'].flatMap((list) => (data[list] as ValueMap[]).map(({ id }, at) => ({ path: [list, at], id })));
  const { path, id } = random.pick([...fields, ...fields, ...others]);
  const to = random.pick(['renamed', 'true', 'no', 'a_longer_name_than_before']);
  const text = JSON.stringify(data).replaceAll(new RegExp(`\\b${String(id)}(_other)?\\b`, 'g'), `${to}$1`);
  return { path, change: { do: 'rename', to }, expected: JSON.parse(text) as Value };
} // prettier-ignore

// ------------------------------------------------------------------------------------------------ writing

/** `data` as a person might write it: in one of many styles, with comments and blank lines. */
export function writeYaml(data: ValueMap, random: Random): string {
  const eol = random.chance(25) ? '\r\n' : '\n';
  const step = random.pick([2, 2, 2, 3, 4]);
  const dash = random.pick([2, 2, 0, 1]);
  const quote = random.pick(['"', "'", '']);
  const comments = random.chance(70);
  let number = 0;
  const comment = () => `# ${random.pick(['about', 'TODO: check', "it's", 'old: {'])} ${number++}`;
  const pad = (columns: number) => ' '.repeat(columns);

  const hasAnchors = random.chance(10);
  const anchors = new Map<string, string>();
  /** A text that is written once, with an anchor, and used again. */
  const scalar = (value: Value, isKey = false): string => {
    const known = anchors.get(String(value));
    if (isKey || !hasAnchors || typeof value !== 'string') return plainOrQuoted(value);
    if (known) return random.chance(50) ? `*${known}` : plainOrQuoted(value);
    if (!random.chance(15)) return plainOrQuoted(value);
    const name = `a${anchors.size}`;
    anchors.set(value, name);
    return `&${name} ${plainOrQuoted(value)}`;
  };
  const plainOrQuoted = (value: Value): string => {
    if (typeof value !== 'string') return String(value);
    const isPlain = /^[\p{L}\p{Emoji_Presentation}¿][^\n:#,[\]{}"\\\t]*$/u.test(value) && value === value.trim() && !/^(true|false|null)$/i.test(value);
    if (isPlain && !(quote && random.chance(30))) return value;
    if (!/[\n\t\\]/.test(value) && quote !== '"') return `'${value.replaceAll("'", "''")}'`;
    return JSON.stringify(value);
  };
  const flow = (value: Value): string => {
    if (Array.isArray(value)) return `[${value.map(flow).join(', ')}${value.length && random.chance(5) ? ',' : ''}]`;
    if (typeof value !== 'object' || value === null) return scalar(value);
    const pairs = Object.entries(value).map(([key, inner]) => `${scalar(key, true)}: ${flow(inner)}`);
    return pairs.length ? `{ ${pairs.join(', ')} }` : '{}';
  };
  /** In flow style over several lines, with each entry on its own. */
  const flowLines = (value: Value, column: number): string => {
    const isList = Array.isArray(value);
    const entries = isList ? value.map(flow) : Object.entries(value as ValueMap).map(([key, inner]) => `${scalar(key, true)}: ${flow(inner)}`);
    const lines = entries.map((entry, at) => {
      const above = comments && random.chance(15) ? pad(column + 2) + comment() + eol : '';
      const comma = at < entries.length - 1 || random.chance(30) ? ',' : '';
      return `${above}${pad(column + 2)}${entry}${comma}${comments && random.chance(15) ? ` ${comment()}` : ''}${eol}`;
    });
    return `${isList ? '[' : '{'}${eol}${lines.join('')}${pad(column)}${isList ? ']' : '}'}`;
  };
  const lead = (column: number) =>
    (random.chance(12) ? eol : '') + (comments && random.chance(20) ? pad(column) + comment() + eol : '') + (comments && random.chance(4) ? pad(column) + comment() + eol + eol : '');
  const tail = () => (comments && random.chance(10) ? ` ${comment()}` : random.chance(4) ? '  ' : '') + eol;
  const textLines = (value: string, column: number): string | undefined => {
    if (!/^\S.*\S\n?$/s.test(value) || /\n\n$|\n[ \t]/.test(value) || value === '') return undefined;
    const clip = value.endsWith('\n') ? '' : '-';
    const lines = value.replace(/\n$/, '').split('\n');
    if (lines.length > 1 || random.chance(5))
      return `|${clip}${tail()}${lines.map((line) => (line ? pad(column + step) + line : '') + eol).join('')}`;
    const words = value.split(' ');
    if (words.length < 4 || value.includes('  ') || value.endsWith('\n') || !random.chance(60)) return undefined;
    const half = Math.ceil(words.length / 2);
    const parts = [words.slice(0, half).join(' '), words.slice(half).join(' ')];
    // A text without a block, broken over two lines: in quotes or without.
    if (random.chance(40) && /^[\p{L} ?]+$/u.test(value)) {
      const sign = random.pick(['"', "'", '']);
      return `${sign}${parts.join(eol + pad(column + step))}${sign}${tail()}`;
    }
    return `>${clip}${tail()}${parts.map((part) => pad(column + step) + part + eol).join('')}`;
  };
  /** Behind a colon or dash, with the line break at the end. */
  const block = (value: Value, column: number, after: 'key' | 'dash'): string => {
    if (typeof value === 'string') {
      const lines = textLines(value, column);
      if (lines) return ` ${lines}`;
    }
    if (typeof value !== 'object' || value === null) return value === null && after === 'key' && random.chance(50) ? tail() : ` ${scalar(value)}${tail()}`;
    const size = Object.keys(value).length;
    const simple = JSON.stringify(value).length < 70;
    if (!size || (simple && random.chance(50))) return ` ${flow(value)}${tail()}`;
    if (random.chance(8)) return ` ${flowLines(value, column)}${tail()}`;
    if (Array.isArray(value)) {
      if (after === 'dash') return ` ${flow(value)}${tail()}`;
      const at = column + dash;
      return tail() + value.map((one) => `${lead(at)}${pad(at)}-${block(one, at, 'dash')}`).join('');
    }
    const pairs = Object.entries(value);
    if (after === 'key') return tail() + pairs.map(([key, inner]) => `${lead(column + step)}${pad(column + step)}${scalar(key, true)}:${block(inner, column + step, 'key')}`).join('');
    // The dash has a line of its own.
    const alone = random.chance(5) ? tail() + pad(column + 2) : ' ';
    return alone + pairs.map(([key, inner], at) => `${at ? lead(column + 2) + pad(column + 2) : ''}${scalar(key, true)}:${block(inner, column + 2, 'key')}`).join('');
  };
  const head = (random.chance(20) ? `# yaml-language-server: x${eol}` : '') + (random.chance(10) ? `---${eol}` : '');
  const body = Object.entries(data).map(([key, inner]) => `${lead(0)}${scalar(key, true)}:${block(inner, 0, 'key')}`).join('');
  const end = random.chance(20) ? `${comment()}${eol}` : '';
  const text = (random.chance(10) ? '\uFEFF' : '') + head + body + end;
  return random.chance(25) ? text.replace(/\r?\n$/, '') : text;
} // prettier-ignore

// ------------------------------------------------------------------------------------------------ changes

export interface RandomChange {
  path: Path;
  change: EditChange;
  /** The data afterwards, by plain operations. */
  expected: Value;
}

const at = (data: Value, path: Path): Value =>
  path.reduce<Value>((value, step) => (value as Record<string | number, Value>)[step] as Value, data);

function everyPath(data: Value, path: Path = []): Path[] {
  if (typeof data !== 'object' || data === null) return [path];
  const keys = Array.isArray(data) ? data.keys() : Object.keys(data);
  return [path, ...[...keys].flatMap((key) => everyPath(at(data, [key]), [...path, key]))];
}

const isList = (value: Value): value is Value[] => Array.isArray(value);
const isMap = (value: Value): value is ValueMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A change that can be made in `data`, other than a renaming; nothing where the dice find none. */
export function randomChange(data: Value, random: Random): RandomChange | undefined {
  const paths = everyPath(data).filter((path) => path.length > 0);
  const lists = paths.filter((path) => isList(at(data, path)));
  const items = paths.filter((path) => isList(at(data, path.slice(0, -1))));
  const maps = everyPath(data).filter((path) => isMap(at(data, path)));
  const expected = structuredClone(data);
  const holderOf = (path: Path) => at(expected, path.slice(0, -1)) as Record<string | number, Value>;
  switch (random.pick(['set', 'set', 'set', 'add', 'add', 'key', 'remove', 'move', 'move', 'away', 'translate'])) {
    case 'set': {
      const scalars = paths.filter((path) => typeof at(data, path) !== 'object');
      const path = random.pick(random.chance(85) ? scalars : paths);
      const value = random.chance(90) ? randomScalar(random) : random.pick<Value>([randomField(random), ['a', 'b'], [], {}, { en: 'x', es: 'y' }, [{ value: 'a', label: 'A' }]]);
      holderOf(path)[path.at(-1) ?? ''] = value;
      return { path, change: { do: 'set', value }, expected };
    }
    case 'add': {
      if (!lists.length) return undefined;
      const path = random.pick(lists);
      const list = at(expected, path) as Value[];
      const key = path.findLast((step) => typeof step === 'string');
      const value =
        key === 'screens' ? randomScreen(random) : key === 'fields' ? randomField(random) : list.some(isMap) || !list.length ? random.pick<Value>([{ value: freshId(random), label: randomText(random) }, 'plain']) : randomText(random);
      const index = random.below(list.length + 1);
      list.splice(index, 0, value);
      return { path: [...path, index], change: { do: 'add', value }, expected };
    }
    case 'key': {
      const path = random.pick(maps);
      const map = at(expected, path) as ValueMap;
      const key = random.pick(['text', 'help', 'required', 'show_when', 'options', 'note', 'min']);
      if (Object.hasOwn(map, key)) return undefined;
      const value = random.pick<Value>([randomText(random), true, { a: 'b' }, { en: randomText(random), es: 'Sí' }, [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }], 5]);
      map[key] = value;
      return { path: [...path, key], change: { do: 'add', value }, expected };
    }
    case 'remove': {
      const path = random.pick(paths);
      const holder = holderOf(path);
      if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
      else delete holder[String(path.at(-1))];
      return { path, change: { do: 'remove' }, expected };
    }
    case 'move': {
      const movable = items.filter((path) => (at(data, path.slice(0, -1)) as Value[]).length > 1);
      if (!movable.length) return undefined;
      const path = random.pick(movable);
      const list = at(expected, path.slice(0, -1)) as Value[];
      const to = random.below(list.length);
      list.splice(to, 0, ...list.splice(Number(path.at(-1)), 1));
      return { path, change: { do: 'move', to: [...path.slice(0, -1), to] }, expected };
    }
    case 'away': {
      if (!items.length) return undefined;
      const path = random.pick(items);
      const name = path.at(-2);
      const targets = lists.filter((one) => one.at(-1) === name && !isSameValue([...one], [...path.slice(0, -1)]));
      if (!targets.length) return undefined;
      const target = random.pick(targets);
      const list = at(expected, target) as Value[];
      const to = random.below(list.length + 1);
      const from = at(expected, path.slice(0, -1)) as Value[];
      list.splice(to, 0, ...from.splice(Number(path.at(-1)), 1));
      return { path, change: { do: 'move', to: [...target, to] }, expected };
    }
    case 'translate': {
      const texts = paths.filter((path) => ['title', 'label', 'text', 'help'].includes(String(path.at(-1))) && (typeof at(data, path) === 'string' || isMap(at(data, path))));
      if (!texts.length) return undefined;
      const path = random.pick(texts);
      const language = random.pick(['en', 'es', 'fil']);
      const text = randomText(random);
      const before = at(data, path);
      const languages = isMap(data) && isList(data['languages'] ?? null) ? (data['languages'] as Value[]).map(String) : ['en'];
      const first = languages[0] ?? 'en';
      holderOf(path)[path.at(-1) ?? ''] = isMap(before) ? { ...before, [language]: text } : language === first ? text : { ...Object.fromEntries(languages.map((one) => [one, before])), [language]: text };
      return { path, change: { do: 'translate', language, text }, expected };
    }
  }
  return undefined;
} // prettier-ignore
