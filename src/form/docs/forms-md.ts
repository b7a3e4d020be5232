/** The manual of the form language. Keys, types and defaults come from the schema, so that they cannot grow stale. */
import { z } from 'zod';
import { operatorsSchema } from '../condition-schema.ts';
import { commonKeys } from '../fields/field-type.ts';
import { fieldTypeNames, typeOf, type Field } from '../fields/fields.ts';
import { keysOf, type Key } from '../schema-at.ts';
import { formSchema } from '../schema.ts';
import { languageNames, wordings } from '../wording/wording.ts';
import { typeManual } from './examples.ts';

/** The whole manual, as Markdown. */
export function formsManual(): string {
  const form = keysOf(formSchema);
  const screens = keysAt(form, 'screens');
  return [
    INTRODUCTION,
    '## The form',
    'At the top of the file stand the keys of the form itself.',
    tableOf(form),
    ...nested(form, ['screens', 'endings', 'examples', 'match']),
    '## Screens',
    'A screen asks with `fields`, connects a work account with `wink`, or only tells something with `text`.',
    tableOf(screens),
    RULES,
    '### `wink`',
    WINK,
    tableOf(keysAt(screens, 'wink')),
    '## What was linked',
    LINKED,
    MATCH,
    tableOf(keysAt(form, 'match')),
    '### `monthly_income`',
    tableOf(keysAt(keysAt(form, 'match'), 'monthly_income')),
    '## Fields',
    'Each field has a `type`, which decides what else it can have.',
    '### Keys of every field',
    tableOf(keysOf(z.strictObject(commonKeys))),
    ...shared(),
    ...fieldTypeNames.flatMap(typeInWords),
    '## Conditions',
    CONDITIONS,
    tableOf(keysOf(operatorsSchema), false),
    '## Endings',
    'A journey stops at an ending. After the last screen comes the first ending, unless a rule says otherwise. The reference stands in a box of its own on every ending, so that no text has to tell it.',
    tableOf(keysAt(form, 'endings')),
    '## Examples',
    EXAMPLES,
    tableOf(keysAt(form, 'examples')),
    '## Languages',
    LANGUAGES,
    `| Write | Language |\n| --- | --- |\n${languageNames.map((name) => `| \`${name}\` | ${wordings[name].name} |`).join('\n')}`,
    '## Texts and pipes',
    TEXTS,
    '## Checking',
    CHECKING,
  ].join('\n\n');
}

const INTRODUCTION = `# Writing a form

<!-- This page is made by npm run docs. Change src/form/ and run it again. -->

A form is one file in the folder \`forms/\`, written in YAML: \`forms/driver.yaml\` becomes the page \`/driver\`. Its name has
small letters, digits and \`-\`. Save it while the site runs, and the page is there.

\`\`\`yaml
title: Become a driver
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: has_car, type: yes_no, label: Do you have a car?, required: true }
    next:
      - { when: { has_car: false }, go: not_yet }

  - id: connect
    title: Connect your work account
    wink: { require: connected }

endings:
  - { id: done, title: "Thank you, {full_name}" }
  - { id: not_yet, title: Come back when you have a car, outcome: disqualified }
\`\`\`

Five things to know about YAML:

- Two spaces make one level. Tabs are not allowed.
- A text that holds \`: \` or \` #\`, or begins with \`{ [ & * ! | > % @\`, goes in quotes: \`"Step one: about you"\`.
- Inside \`{ }\` a comma ends a text, so a text with a comma goes in quotes: \`{ label: "Name, as on your ID" }\`.
- A colour begins with \`#\`, so it goes in quotes too: \`"#0b6e4f"\`.
- \`true\` and \`false\` are answers to yes/no questions. An option called true, false or a number goes in quotes: \`"1"\`.

Editors that know YAML help while you type: in Visual Studio Code, install the extension _YAML_ and open this folder.`;

const RULES = `\`next\` is one id, or a list of rules tried from the top. The first one whose \`when\` holds decides; without a match, the
next screen in the file follows.

\`\`\`yaml
next:
  - { when: { status: none }, go: not_yet }
  - { when: { age: { less_than: 21 }, city: [manila, cebu] }, go: training }
\`\`\``;

const WINK = `Makes the screen one where a work account is connected through Smile. Other screens read what came of it under the id of
the screen, as one of \`connected\`, \`uploaded\`, \`failed\` and \`skipped\`. With a \`require\` other than \`none\`, people get
past the screen without meeting it only where a rule names \`failed\` or \`skipped\`:

\`\`\`yaml
- id: connect
  title: Connect your work account
  wink: { require: connected, retrieve: [identities, incomes] }
  next:
    - { when: { connect: [failed, skipped] }, go: payslip }
\`\`\`

A widget comes to

- \`connected\` when an account is connected in it,
- \`uploaded\` when a document was uploaded in it and not taken back,
- \`failed\` when it told of an error, or could not be opened, and nothing is there,
- \`skipped\` otherwise.

Of an account and a document, the one that is required counts. An account that is disconnected again no longer counts.

Several widgets stand in a list, each with a \`title\` of its own. They are opened one at a time, in any order:

\`\`\`yaml
- id: connect
  title: Connect your two jobs
  wink:
    - { title: Your main job, require: connected, retrieve: [employments, incomes] }
    - { title: Your side job, text: 'If you have one.', require: none, template: wtpl-123abc }
\`\`\`

Rules read such a screen as a whole. It is met once every widget has what it requires: then it is \`connected\` when an
account is connected in any of them, else \`uploaded\`. Before that it is \`failed\` when a widget that lacks what it requires
has failed, else \`skipped\`. Where a rule has to read one widget alone, give it a screen of its own.`;

const LINKED = `What \`retrieve\` of a Wink screen names is read from Smile once the account is connected, stored encrypted with the
submission, and shown in the dashboard. It is read again when Smile says that it has changed. Smile itself keeps it for 60
days at most; the dashboard warns before something is lost there that is not here.

- \`revoke: after_retrieval\` disconnects the account at Smile as soon as everything is stored here.
- \`retention: 60 days\` erases a submission that long after it was last touched, drafts too: answers, files and linked data
  go for good. A line stays that says when there was one. An invitation that nobody has begun goes that long after it has
  expired.
- Without \`retention\`, sent submissions stay until you erase them. Flipsite erases a draft that nobody sent 60 days after
  it was last touched, with its files, and disconnects its accounts at Smile. To keep drafts longer, set \`retention\`.
- A person who disconnects the account takes the data along: it is removed here at once, whatever \`retention\` says. That
  there was something, and when it went, stays.

Documents that people upload in the window count for \`require: uploaded\` once Smile has them, also where the page never
told of them, until they are taken back. With \`archives\` in \`retrieve\`, what Smile reads in them is stored as well: a
payslip’s period, pay and employer, and how far Smile trusts it. The files themselves stay at Smile. \`revoke\` is about
accounts alone.`;

const MATCH = `\`match\` compares what a person wrote with what the account says. The dashboard shows both beside each other, with
_agree_, _differs_ or _unknown_; nothing is decided by it. Case, accents, the order of names, titles and legal forms of
companies make no difference. Incomes are brought to a month first: the mean of the last three months.

\`\`\`yaml
match:
  name: full_name
  employer: employer
  monthly_income: { field: monthly_income, within: 20 }
\`\`\``;

const CONDITIONS = `A condition says what must have been answered. \`when\` of a rule and \`show_when\` of a field hold one.

| Write | It holds when |
| --- | --- |
| \`{ status: none }\` | the answer is none |
| \`{ status: [self, none] }\` | the answer is one of these |
| \`{ has_car: true, status: employed }\` | both hold |
| \`{ any: [{ has_car: true }, { has_van: true }] }\` | at least one of them holds |
| \`{ all: [{ apps: { contains: grab } }, { apps: { contains: joyride } }] }\` | all of them hold |
| \`{ none: [{ city: manila }, { city: cebu }] }\` | none of them holds |

In place of an answer there may be a comparison, or several: \`{ age: { at_least: 18, less_than: 65 } }\`. A comparison with
a field that was not answered does not hold, except \`answered: false\`.`;

const EXAMPLES = `Examples are journeys that the check tries: with these answers, the form must end there. They show the next reader what
the form is for, and they tell you when a change breaks it. The state of a Wink screen is written like an answer; an
address by its parts; choices of several and files as lists, where any name stands for a file.

\`\`\`yaml
examples:
  - name: has no car
    answers: { full_name: Ana Reyes, has_car: false }
    ends: not_yet
  - name: sends everything
    answers:
      home: { line1: Rizal St 1, city: Cebu, region: Cebu, postal_code: '6000', country: PH }
      apps: [grab, joyride]
      papers: [licence.pdf]
      connect: connected
    ends: done
\`\`\``;

const LANGUAGES = `With \`languages: [en, es]\`, each text is written once per language, and people choose. A text that is the same in all of
them stays one text. The words of the page itself, such as its buttons, are there in these languages:`;

const TEXTS = `Any text is a text, or one per language:

\`\`\`yaml
label: { en: Full name, es: Nombre completo }
\`\`\`

\`{full_name}\` in a text is replaced by the answer to the field \`full_name\`. That works wherever the answer is known: on
later screens and on endings. The names in \`params\` can be used in the same way, and \`{reference}\` on endings.`;

const CHECKING = `\`npm run check\` reads every form and shows all errors at once: the place, the mistake and how to fix it. A form
without faults can be completed whatever people answer: no screen is left out, no journey runs in a circle, no rule reads
an answer that nobody was asked for. It also draws the journeys of each form, in \`data/journeys/\`.`;

const keysAt = (keys: Key[], name: string): Key[] => keys.find((key) => key.name === name)?.keys ?? [];

/** Sections for the keys that hold maps of their own, other than those told elsewhere. */
const nested = (keys: Key[], elsewhere: string[]): string[] =>
  keys
    .filter((key) => key.keys.length && !elsewhere.includes(key.name))
    .flatMap((key) => [`### \`${key.name}\``, `${key.about}.`, tableOf(key.keys)]);

/** Sections for the keys of fields that hold maps of their own, each once. */
function shared(): string[] {
  const all = fieldTypeNames.flatMap((name) => keysOf(schemaOf(name)));
  return nested([...new Map(all.map((key) => [key.name, key])).values()], []);
}

const moduleOf = (type: (typeof fieldTypeNames)[number]) => typeOf({ type } as Field);
const schemaOf = (type: (typeof fieldTypeNames)[number]): z.ZodType => moduleOf(type).schema;

/** How an answer is stored, by its kind. */
const STORED: Record<ReturnType<typeof moduleOf>['kind'], string> = {
  text: 'a text', number: 'a number', boolean: '`true` or `false`', list: 'a list of texts', date: 'a text like 2026-12-31', parts: 'a map of texts', files: 'a list of files', nothing: '',
}; // prettier-ignore

function typeInWords(type: (typeof fieldTypeNames)[number]): string[] {
  const { about, example } = typeManual[type];
  const { kind } = moduleOf(type);
  const keys = keysOf(schemaOf(type)).filter(({ name }) => name !== 'type');
  const common = keysOf(z.strictObject(commonKeys)).map(({ name }) => name);
  const without = common.filter((name) => !keys.some((key) => key.name === name));
  const own = keys.filter(({ name, about: words }) => !common.includes(name) || words !== wordsOf(name));
  const has = without.length > 1 ? keys : own;
  const rest = `the keys of every field${without.length ? `, without \`${without[0]}\`` : ''}`;
  return [
    `### ${type}`,
    `${about}${kind === 'nothing' ? '' : ` Its answer is ${STORED[kind]}.`}`,
    `![${type}](fields/${type}.png)`,
    `\`\`\`yaml\n${example.trim()}\n\`\`\``,
    ...(has === keys ? [] : [`It has ${rest}${has.length ? ', and:' : '.'}`]),
    ...(has.length ? [tableOf(has)] : []),
  ];
}

const wordsOf = (name: string): string => commonKeys[name as keyof typeof commonKeys].description ?? '';

/** @param otherwise whether what holds without the key is told */
function tableOf(keys: Key[], otherwise = true): string {
  const head = otherwise
    ? '| Key | What it is | Without it |\n| --- | --- | --- |'
    : '| Key | What it is |\n| --- | --- |';
  const rows = keys.map((key) => {
    const cells = [`\`${key.name}\``, escaped(key.about), ...(otherwise ? [withoutIt(key)] : [])];
    return `| ${cells.join(' | ')} |`;
  });
  return [head, ...rows].join('\n');
}

function withoutIt({ needed, otherwise }: Key): string {
  if (needed) return '**needed**';
  if (otherwise === undefined || (Array.isArray(otherwise) && !otherwise.length)) return '–';
  return `\`${Array.isArray(otherwise) ? `[${otherwise.join(', ')}]` : String(otherwise)}\``;
}

/** What Markdown and its tables would read otherwise. */
const escaped = (words: string): string => words.replace(/[|*<]/g, '\\$&');
