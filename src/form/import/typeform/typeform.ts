/** A form of Typeform's Create API → a draft. */
import { NotCarried, conditionFrom, type Comparable } from '../conditions.ts';
import {
  Words,
  type DraftEnding,
  type DraftField,
  type DraftForm,
  type DraftJump,
  type DraftScreen,
} from '../draft.ts';
import { startIds } from '../ids.ts';
import { partTitle, thanks } from '../own-words.ts';
import { quoted, type ReportBuilder } from '../report.ts';
import { readKeys } from '../source-keys.ts';
import { joinWords, readTypeformField, splitTitle, typeformWords } from './fields.ts';
import { hiddenIn, readLogic } from './logic.ts';

/** Typeform shows one question at a time. Flipsite shows up to this many together, if no jump is between them. */
const MAX_ON_SCREEN = 6;

const MAX_GROUPS = 10;

/** Keys that say nothing about the form, or that only Typeform can use. */
const SKIPPED = ['id', 'type', 'workspace', 'theme', 'settings', '_links', 'self', 'created_at', 'last_updated_at', 'published_at', 'cui_settings', 'links', 'duplicate_prevention']; // prettier-ignore

/** A question of the source with the group that it is in. */
interface Asking {
  value: unknown;
  refs: string[];
  title: string;
  group: { title: Words; refs: string[] } | undefined;
  /** Whether it is the first of its group. */
  isFirst: boolean;
}

/**
 * @param source the parsed definition
 * @param untitled the title of a form without one
 */
export function readTypeform(source: Record<string, unknown>, report: ReportBuilder, untitled: string): DraftForm {
  const keys = readKeys(source);
  const ids = startIds();
  const title = typeformWords(keys.get('title'), report) ?? new Words(untitled);
  const settings = readKeys(keys.get('settings'));
  const meta = readKeys(settings.get('meta'));
  const known = new Map<string, Comparable>();
  const places = new Map<string, DraftScreen>();

  const logic = keys.list('logic').map(readKeys);
  const jumpsOf = new Map<string, unknown[]>();
  for (const one of logic) {
    const ref = one.text('ref') ?? '';
    const actions = one.list('actions');
    const jumps = actions.filter((action) => readKeys(action).get('action') === 'jump');
    if (jumps.length < actions.length) report.add(NO_SCORE);
    if (jumps.length) jumpsOf.set(ref, [...(jumpsOf.get(ref) ?? []), ...jumps]);
  }
  const targets = new Set([...jumpsOf.values()].flat().map((jump) => targetOf(jump)));

  const asked = flatten(keys.list('fields'), undefined, 0);
  const screens: DraftScreen[] = [];
  readWelcome();
  const { params, hidden } = readHidden();
  layOut();
  if (hidden.length) screens[0]?.fields.unshift(...hidden);
  const endings = readEndings();
  const endingOf = new Map(endings.flatMap(({ refs, ending }) => refs.map((ref) => [ref, ending] as const)));
  readJumps();

  function flatten(values: unknown[], group: Asking['group'], depth: number): Asking[] {
    return values.flatMap((value, index): Asking[] => {
      const field = readKeys(value);
      const properties = readKeys(field.get('properties'));
      const refs = [field.text('ref'), field.text('id')].filter((one) => one !== undefined);
      const name = field.text('title') ?? '';
      if (!['group', 'inline_group', 'contact_info'].includes(field.text('type') ?? '')) return [{ value, refs, title: name, group, isFirst: index === 0 }]; // prettier-ignore
      if (depth >= MAX_GROUPS) {
        report.lose(name, `It is inside more than ${MAX_GROUPS} groups.`);
        return [];
      }
      const inner = { title: typeformWords(name, report) ?? new Words('Group'), refs: [...(index === 0 ? (group?.refs ?? []) : []), ...refs] }; // prettier-ignore
      const found = flatten(properties.list('fields'), inner, depth + 1);
      const about = properties.text('description');
      const intro = { title: about ?? '', type: 'statement', properties: {} };
      return about && found[0] ? [{ value: intro, refs: [], title: about, group: inner, isFirst: true }, { ...found[0], isFirst: false }, ...found.slice(1)] : found; // prettier-ignore
    });
  }

  function readWelcome(): void {
    keys.list('welcome_screens').forEach((value, index) => {
      const welcome = readKeys(value);
      const properties = readKeys(welcome.get('properties'));
      const { title: heading, rest } = splitTitle(typeformWords(welcome.get('title'), report) ?? title);
      if (index > 0) {
        report.add(`The welcome screen ${quoted(heading.main)} was left out. A form has one first screen.`);
        return;
      }
      const text = joinWords(rest, typeformWords(properties.get('description'), report)) ?? new Words(title.main);
      if (welcome.get('attachment')) report.about(heading.main, 'its picture or video was left out.');
      screens.push({ id: ids.take('welcome', 'welcome'), name: heading.main, title: heading, text, fields: [], jumps: [] }); // prettier-ignore
    });
  }

  /** Values from the link: params, or hidden fields if a condition reads them. */
  function readHidden(): { params: string[]; hidden: DraftField[] } {
    const read = new Set([...jumpsOf.values()].flat().flatMap((jump) => hiddenIn(readKeys(jump).get('condition'))));
    const found: { params: string[]; hidden: DraftField[] } = { params: [], hidden: [] };
    for (const name of keys
      .list('hidden')
      .filter((one): one is string => typeof one === 'string')
      .slice(0, 100)) {
      const id = ids.take(name, 'param');
      if (id !== name) report.add(`The value ${quoted(name)} from the link is called ${id} now. Change it in your links.`); // prettier-ignore
      known.set(name, { id, kind: 'text' });
      if (read.has(name)) found.hidden.push({ id, name, keys: { type: 'hidden' } });
      else found.params.push(id);
    }
    return found;
  }

  /** Puts the questions on screens. A screen ends before a jump, and before the target of a jump. */
  function layOut(): void {
    let screen: DraftScreen | undefined;
    let part = 0;
    let isNamed = true;
    asked.forEach((one, index) => {
      const before = asked[index - 1];
      const isTarget = [...one.refs, ...(one.isFirst ? (one.group?.refs ?? []) : [])].some((ref) => targets.has(ref));
      const isPiped = pipedRefs(one.value).some((ref) => places.get(ref) === screen);
      const leaves = before?.refs.some((ref) => hasRealJumps(ref, one));
      const isNew = !screen || isTarget || isPiped || leaves || before?.group !== one.group || screen.fields.length >= MAX_ON_SCREEN; // prettier-ignore
      if (isNew || !screen) {
        part++;
        const heading = one.group?.title ?? partTitle(part);
        if (!one.group) isNamed = false;
        screen = { id: ids.take(`part_${part}`, 'part'), name: one.title, title: heading, fields: [], jumps: [] };
        screens.push(screen);
      }
      for (const ref of [...one.refs, ...(one.group?.refs ?? [])]) if (!places.has(ref)) places.set(ref, screen);
      const field = readTypeformField(one.value, report);
      if (!field) return;
      const readable = one.refs.find(isReadable);
      const id = ids.take(readable ?? shortened(one.title), 'question');
      screen.fields.push({ id, name: field.name, keys: field.keys });
      for (const ref of one.refs) if (!known.has(ref)) known.set(ref, { id, ...field.asked });
    });
    const [only] = screens;
    if (part === 1 && only && screens.length === 1) only.title = title;
    else if (!isNamed) report.add('Screens without a title were named “Part 1”, “Part 2” and so on. Give each one a title.'); // prettier-ignore
  }

  /** Whether jumps of `ref` lead to another place than `next`, where people come without a jump. */
  function hasRealJumps(ref: string, next: Asking): boolean {
    const nextRefs = [...next.refs, ...(next.isFirst ? (next.group?.refs ?? []) : [])];
    return (jumpsOf.get(ref) ?? []).some((jump) => !nextRefs.includes(targetOf(jump)));
  }

  function readEndings(): { refs: string[]; ending: DraftEnding }[] {
    const found = keys.list('thankyou_screens').map((value) => {
      const one = readKeys(value);
      const properties = readKeys(one.get('properties'));
      const full = typeformWords(one.get('title'), report);
      const { title: heading, rest } = full ? splitTitle(full) : { title: thanks(), rest: undefined };
      const text = joinWords(rest, typeformWords(properties.get('description'), report));
      const redirect = properties.text('redirect_url');
      const isRedirect = redirect && (one.text('type') === 'url_redirect' || properties.text('button_mode') === 'redirect'); // prettier-ignore
      // Typeform fills in answers, and values of the link, where it says {{…}}.
      const isFixed = !redirect?.includes('{{');
      if (isRedirect && !isFixed) report.about(heading.main, `its address ${redirect.slice(0, 100)} was left out, because it contains answers.`); // prettier-ignore
      if (one.get('attachment')) report.about(heading.main, 'its picture or video was left out.');
      if (isRedirect && isFixed && one.text('type') !== 'url_redirect') report.about(heading.main, 'its button is gone. The browser opens the address by itself.'); // prettier-ignore
      const refs = [one.text('ref'), one.text('id')].filter((ref) => ref !== undefined);
      const ending: DraftEnding = { id: ids.take(refs.find(isReadable) ?? 'done', 'done'), name: heading.main, title: heading, ...(text && { text }), ...(isRedirect && isFixed && { redirect }) }; // prettier-ignore
      return { refs, ending };
    });
    // The page that Typeform adds by itself comes last.
    found.sort((one, other) => Number(one.refs.includes('default_tys')) - Number(other.refs.includes('default_tys')));
    return found.length ? found : [{ refs: [], ending: { id: ids.take('done', 'done'), name: 'Thank you', title: thanks() } }]; // prettier-ignore
  }

  function readJumps(): void {
    asked.forEach((one) => {
      for (const ref of one.refs) {
        const from = places.get(ref);
        for (const jump of from ? (jumpsOf.get(ref) ?? []) : []) from?.jumps.push(...readJump(jump, one));
        jumpsOf.delete(ref);
      }
      const from = one.refs.map((ref) => places.get(ref)).find((place) => place !== undefined);
      if (from) dropIdleJumps(from);
    });
    for (const ref of jumpsOf.keys()) report.add(`The jumps of “${ref.slice(0, 60)}” were left out, because there is no such question.`); // prettier-ignore
  }

  /** A last jump to the next screen has no effect. */
  function dropIdleJumps(screen: DraftScreen): void {
    const next = screens[screens.indexOf(screen) + 1] ?? endings[0]?.ending;
    for (let last = screen.jumps.at(-1); last && !last.when && last.to === next; last = screen.jumps.at(-1)) screen.jumps.pop(); // prettier-ignore
  }

  function readJump(value: unknown, from: Asking): DraftJump[] {
    const target = targetOf(value);
    const to = places.get(target) ?? endingOf.get(target);
    if (!to) {
      report.about(from.title, `a jump was left out, because its target “${target.slice(0, 60)}” is not in the form.`);
      return [];
    }
    if (to === places.get(from.refs[0] ?? '')) return [];
    try {
      const test = readLogic(readKeys(value).get('condition'));
      return [{ ...(test && { when: conditionFrom(test, (name) => known.get(name)) }), to }];
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error;
      report.about(from.title, `the jump to ${quoted(to.name)} was left out. ${error.message}`);
      return [];
    }
  }

  if (keys.get('variables')) report.add(NO_SCORE);
  keys.skip(...SKIPPED);
  for (const key of keys.unread()) report.add(`The setting “${key.slice(0, 40)}” of the form was left out.`);
  reportSettings();

  function reportSettings(): void {
    report.addLook();
    for (const name of ['notifications', 'redirect_after_submit_url', 'autoclose', 'close_date', 'password', 'google_analytics', 'facebook_pixel', 'google_tag_manager']) {
      const value = settings.get(name);
      if (value && typeof value !== 'boolean' && Object.keys(value).length) report.add(`The setting “${name.replaceAll('_', ' ')}” was left out. Set it up again in the editor, under The form.`);
    } // prettier-ignore
  }

  const description = typeformWords(meta.get('description'), report);
  return {
    title,
    ...(description && { description }),
    params,
    screens: screens.length ? screens : [emptyScreen()],
    endings: endings.map(({ ending }) => ending),
    language: settings.text('language') ?? keys.text('language') ?? 'en',
    pipe: { pattern: /\{\{([^{}\n]{1,200})\}\}/g, idOf: (name) => pipedId(name.trim()) },
  };

  function pipedId(name: string): string | undefined {
    const [, kind, ref = ''] = /^(field|hidden):(.*)$/.exec(name) ?? [];
    return kind ? known.get(ref)?.id : undefined;
  }

  function emptyScreen(): DraftScreen {
    return {
      id: ids.take('part_1', 'part'),
      name: title.main,
      title,
      text: new Words(title.main),
      fields: [],
      jumps: [],
    };
  }
}

/** The questions with an answer in the texts of a field. They must be on an earlier screen. */
function pipedRefs(value: unknown): string[] {
  const field = readKeys(value);
  const texts = [field.text('title'), readKeys(field.get('properties')).text('description')];
  return [
    ...texts
      .join(' ')
      .slice(0, 20_000)
      .matchAll(/\{\{field:([^{}\n]{1,200})\}\}/g),
  ].map(([, ref = '']) => ref.trim());
}

function targetOf(jump: unknown): string {
  const to = readKeys(readKeys(readKeys(jump).get('details')).get('to'));
  return to.text('value') ?? '';
}

const NO_SCORE =
  'Calculations, such as a score or a price, were left out. Add questions of the kind “Calculated number” in their place.';

/** Refs that people wrote, such as first_name, and not those of a program. */
const isReadable = (ref: string): boolean => /^[a-z][a-z_-]*(?:[_-]?\d{1,3})?$/i.test(ref) && (/[_-]/.test(ref) || /^[a-z]{2,20}$/.test(ref)); // prettier-ignore

/** The first words of a title. */
const shortened = (title: string): string => title.split(/\s+/).slice(0, 6).join(' ');
