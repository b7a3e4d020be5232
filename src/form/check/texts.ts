/** Texts: every language is there, and what is piped in is known by then. */
import { nearest } from '../nearest.ts';
import type { Form } from '../schema.ts';
import { pipes, type Text } from '../text.ts';
import type { Finding } from './finding.ts';
import type { Journeys } from './explore.ts';

interface Placed {
  text: Text;
  path: PropertyKey[];
  /** The id of the screen or ending it is read on; a form's own title and description are read on none. */
  on?: string;
}

export function textFaults(form: Form, journeys?: Journeys): Finding[] {
  return textsOf(form).flatMap((placed) => [
    ...languageFaults(form, placed),
    ...(journeys ? pipeFaults(form, placed, journeys) : []),
  ]);
}

function textsOf(form: Form): Placed[] {
  const found: Placed[] = [];
  const add = (text: Text | undefined, path: PropertyKey[], on?: string) => {
    if (text !== undefined) found.push({ text, path, ...(on && { on }) });
  };
  add(form.title, ['title']);
  add(form.description, ['description']);
  form.screens.forEach((screen, at) => {
    add(screen.title, ['screens', at, 'title'], screen.id);
    add(screen.text, ['screens', at, 'text'], screen.id);
    screen.fields.forEach((field, index) => {
      const path = ['screens', at, 'fields', index];
      if (field.type === 'statement') return add(field.text, [...path, 'text'], screen.id);
      add(field.label, [...path, 'label'], screen.id);
      add(field.help, [...path, 'help'], screen.id);
      if ('placeholder' in field) add(field.placeholder, [...path, 'placeholder']);
      if ('pattern_hint' in field) add(field.pattern_hint, [...path, 'pattern_hint']);
      if (!('options' in field)) return;
      field.options.forEach((option, number) => {
        add(option.label, [...path, 'options', number, 'label']);
        add(option.help, [...path, 'options', number, 'help']);
      });
    });
  });
  form.endings.forEach((ending, at) => {
    add(ending.title, ['endings', at, 'title'], ending.id);
    add(ending.text, ['endings', at, 'text'], ending.id);
    add(ending.redirect, ['endings', at, 'redirect'], ending.id);
  });
  return found;
}

function languageFaults(form: Form, { text, path }: Placed): Finding[] {
  if (typeof text === 'string') return [];
  const languages: string[] = form.languages;
  const extra = Object.keys(text).filter((language) => !languages.includes(language));
  const missing = languages.filter((language) => !Object.hasOwn(text, language));
  return [
    ...extra.map((language) => ({
      place: { path, find: language },
      message: `"${language}" is not one of the form's languages`,
      remedy: `The languages are: ${languages.join(', ')}. Add it to \`languages\`, or remove this text.`,
    })),
    ...(missing.length
      ? [
          {
            place: { path },
            message: `this text is missing in ${missing.join(', ')}`,
            remedy: `Add ${missing.map((language) => `${language}: …`).join(', ')} beside ${Object.keys(text).join(', ')}.`,
          },
        ]
      : []),
  ];
}

function pipeFaults(form: Form, { text, path, on }: Placed, { before }: Journeys): Finding[] {
  const winks = form.screens.filter((screen) => screen.wink).map(({ id }) => id);
  const ending = form.endings.some(({ id }) => id === on);
  const known = [...(before.get(on ?? '') ?? [])].filter((id) => !winks.includes(id));
  if (on) known.push(...form.params);
  if (ending) known.push('reference');
  return pipes(text)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      const remedy = near
        ? `Did you mean {${near}}?`
        : known.length
          ? `Known by then: ${known.map((id) => `{${id}}`).join(', ')}.`
          : 'Nothing is known by then: write it without braces.';
      return { place: { path }, message: `{${name}} is not known here`, remedy };
    });
}
