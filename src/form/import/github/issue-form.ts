/** An issue form of GitHub → a draft. */
import { Words, type DraftField, type DraftForm, type DraftKeys, type DraftScreen } from '../draft.ts';
import { startIds } from '../ids.ts';
import { writeOptions } from '../options.ts';
import { thanks } from '../own-words.ts';
import { textOfMarkdown } from '../plain-text.ts';
import { quoted, type ReportBuilder } from '../report.ts';
import { readKeys, type SourceKeys } from '../source-keys.ts';

/** Keys that belong to the issue on GitHub. */
const OF_ISSUE = ['labels', 'assignees', 'projects', 'type', 'title'];

/**
 * @param source the parsed definition
 * @param untitled the title of a form without one
 */
export function readIssueForm(source: Record<string, unknown>, report: ReportBuilder, untitled: string): DraftForm {
  const keys = readKeys(source);
  const ids = startIds();
  const title = words(keys.get('name')) ?? new Words(untitled);
  const about = words(keys.get('description', 'about'));
  const found = OF_ISSUE.filter((key) => keys.get(key) !== undefined);
  if (found.length) report.add(`The settings of the issue were left out: ${found.join(', ')}.`);
  const fields = keys.list('body').flatMap((element) => readElement(readKeys(element)));
  for (const key of keys.unread()) report.add(`The setting “${key.slice(0, 40)}” of the form was left out.`);
  const screen: DraftScreen = { id: ids.take('form', 'form'), name: title.main, title, ...(about && { text: about }), fields, jumps: [] }; // prettier-ignore
  if (!fields.length && !screen.text) screen.text = title;
  return {
    title,
    ...(about && { description: about }),
    params: [],
    screens: [screen],
    endings: [{ id: ids.take('done', 'done'), name: 'Thank you', title: thanks() }],
    language: 'en',
    // Braces mean nothing in an issue form.
    pipe: { pattern: /(?!)/g, idOf: () => undefined },
  };

  function words(value: unknown): Words | undefined {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const { text, hadPicture } = textOfMarkdown(String(value));
    if (hadPicture) report.add(`A picture in ${quoted(text)} was left out.`);
    return text ? new Words(text) : undefined;
  }

  function readElement(element: SourceKeys): DraftField[] {
    const attributes = readKeys(element.get('attributes'));
    const validations = readKeys(element.get('validations'));
    const type = element.text('type') ?? '';
    const id = element.text('id') ?? '';
    element.skip('visible');
    if (type === 'markdown') {
      const text = words(attributes.get('value'));
      return text ? [make('', { type: 'statement', text }, 'about')] : [];
    }
    const label = words(attributes.get('label')) ?? new Words(id || 'Question');
    const help = words(attributes.get('description'));
    const isRequired = validations.isTrue('required');
    const common: DraftKeys = { label, ...(help && { help }), ...(isRequired && { required: true }) };
    const fields = readQuestion(type, id, common, attributes);
    if (!fields) {
      report.lose(label.main, `Flipsite has no question of the type “${type.slice(0, 40)}”.`);
      return [];
    }
    if (attributes.get('render')) report.about(label.main, 'its text is not shown as code.');
    for (const key of [...element.unread(), ...attributes.unread(), ...validations.unread()]) {
      report.about(label.main, `its setting “${key.slice(0, 40)}” was left out.`);
    }
    return fields;
  }

  function make(id: string, own: DraftKeys, otherwise = 'question'): DraftField {
    const label = own.label ?? own.text;
    const name = label instanceof Words ? label.main : id;
    return { id: ids.take(id || (otherwise === 'about' ? otherwise : name), otherwise), name, keys: own };
  }

  /** Undefined for an unknown type. */
  function readQuestion(type: string, id: string, common: DraftKeys, attributes: SourceKeys): DraftField[] | undefined {
    const { label, ...others } = common as DraftKeys & { label: Words };
    if (type === 'input' || type === 'textarea') {
      const placeholder = attributes.text('placeholder')?.slice(0, 500).replace(/\s+/g, ' ');
      const value = attributes.text('value')?.trim();
      const own = type === 'input' ? 'text' : 'textarea';
      return [make(id, { type: own, ...common, ...(placeholder && { placeholder: new Words(placeholder) }), ...(value && { default: value }) })]; // prettier-ignore
    }
    if (type === 'upload') return [make(id, { type: 'file', ...common })];
    const listed = attributes.list('options');
    if (type === 'dropdown') {
      const options = listed.map((one) => String(one)).map((text) => ({ names: [text], value: text, label: words(text) ?? new Words(text) })); // prettier-ignore
      const written = writeOptions(label.main, options, report);
      if (!written) return lost(label.main, 'It has no answers to choose from.');
      const isMultiple = attributes.isTrue('multiple');
      const index = attributes.number('default');
      const start = index === undefined ? undefined : options[index]?.value;
      return [make(id, { type: isMultiple ? 'checkboxes' : 'select', ...common, ...(start && { default: isMultiple ? [start] : start }), options: written.options })]; // prettier-ignore
    }
    return type === 'checkboxes' ? readCheckboxes(id, label, others, listed) : undefined;
  }

  function lost(name: string, reason: string): DraftField[] {
    report.lose(name, reason);
    return [];
  }

  /** Boxes that must be ticked are consents. The others are options. */
  function readCheckboxes(id: string, label: Words, others: DraftKeys, listed: unknown[]): DraftField[] {
    const boxes = listed.flatMap((one) => {
      const box = readKeys(one);
      const text = words(box.get('label'));
      return text ? [{ text, isRequired: box.isTrue('required') }] : [];
    });
    if (!boxes.length) return lost(label.main, 'It has no answers to choose from.');
    const [first] = boxes;
    const help = others.help instanceof Words ? others.help : undefined;
    const isSingle = boxes.length === 1 && first;
    const consents = boxes.filter(({ isRequired }) => isRequired || isSingle);
    const free = boxes.filter((box) => !consents.includes(box));
    const intro = help ? new Words(`${label.main}\n\n${help.main}`) : label;
    const agreed = consents.map(({ text, isRequired }, index) =>
      make(id && (consents.length > 1 ? `${id}_${index + 1}` : id), { type: 'consent', label: text, ...((isRequired || others.required === true) && { required: true }) }),
    ); // prettier-ignore
    const above = consents.length ? [make('', { type: 'statement', text: intro }, 'about')] : [];
    const written = writeOptions(label.main, free.map(({ text }) => ({ names: [], value: text.main, label: text })), report); // prettier-ignore
    const rest = written ? [make(id, { type: 'checkboxes', label, ...(consents.length ? {} : others), options: written.options })] : []; // prettier-ignore
    return [...above, ...agreed, ...rest];
  }
}
