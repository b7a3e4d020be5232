/** The form with everything in it: how it is filled in, in either language, with a script or without one. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright/test';
import { typeOf, type Field } from '../../src/form/fields/fields.ts';
import { readForm } from '../../src/form/folder.ts';
import type { Form } from '../../src/form/schema.ts';
import { fillPipes, localize } from '../../src/form/runtime/text.ts';
import { wordings, type Language } from '../../src/form/wording/wording.ts';
import { button } from './walk.ts';

const folder = fileURLToPath(new URL('forms', import.meta.url));

/** The compiled form. */
export const kitchen = readKitchen();

function readKitchen(): Form {
  const { parsed } = readForm(path.join(folder, 'kitchen-sink.yaml'), new Date());
  if (!parsed.ok) throw new Error('kitchen-sink.yaml has faults: npm run check tells them.');
  return parsed.form;
}

/** A folder of forms of one's own, with the form in it, in which forms can be published and published again. */
export function openForms() {
  const own = mkdtempSync(path.join(tmpdir(), 'flipsite-forms-'));
  cpSync(folder, own, { recursive: true });
  return {
    folder: own,
    publish: (slug: string, yaml: string) => writeFileSync(path.join(own, `${slug}.yaml`), yaml),
    remove: () => rmSync(own, { recursive: true, force: true }),
  };
}

export type Value = string | number | boolean | string[] | Record<string, string>;
/** The entered values, by the id of the field. */
export type Entered = Record<string, Value>;

export const fieldOf = (id: string, form = kitchen): Field => {
  const field = form.screens.flatMap(({ fields }) => fields).find((one) => one.id === id);
  if (!field) throw new Error(`There is no field ${id}.`);
  return field;
};

/** The label of a field as the person hears it. `piped` is the name, where the form pipes it in. */
function labelOf(id: string, language: Language, piped = ''): string {
  const field = fieldOf(id);
  const label = fillPipes(localize(field.label, language), { full_name: piped });
  return field.required ? label : `${label} (${wordings[language].page.optional})`;
}

/** The control of a field, or the group of its controls. */
export function controlOf(page: Page, id: string, language: Language, piped?: string): Locator {
  const control = typeOf(fieldOf(id)).control(fieldOf(id), language);
  const { kind } = control;
  const named = { name: labelOf(id, language, piped), exact: true };
  // Several fields can ask "Which one?".
  const around = page.locator(`[data-field="${id}"]`);
  if (kind === 'choices' && control.input === 'radio') return around.getByRole('radiogroup', named);
  if (kind === 'choices' || kind === 'parts') return around.getByRole('group', named);
  if (kind === 'tick') return around.getByRole('checkbox', named);
  // A date has no role of its own.
  return around.getByLabel(named.name, { exact: true });
}

/** Enters one answer as a person does. */
export async function enter(page: Page, id: string, value: Value, language: Language, piped?: string): Promise<void> {
  const field = fieldOf(id);
  const control = typeOf(field).control(field, language);
  const place = controlOf(page, id, language, piped);
  if (control.kind === 'select') await place.selectOption(String(value));
  else if (control.kind === 'tick') await place.setChecked(value === true);
  else if (control.kind === 'parts') {
    for (const part of control.parts) {
      const entered = (value as Record<string, string>)[part.name];
      const optional = field.required && !part.required ? ` (${wordings[language].page.optional})` : '';
      const name = `${localize(part.label, language)}${optional}`;
      const one = place.getByRole(part.choices ? 'combobox' : 'textbox', { name, exact: true });
      if (entered !== undefined) await (part.choices ? one.selectOption(entered) : one.fill(entered));
    }
  } else if (control.kind === 'choices') {
    const wanted = [value].flat().map(String);
    for (const choice of control.choices.filter((one) => wanted.includes(one.value))) {
      const label = localize(choice.label, language);
      const help = choice.help ? ` ${localize(choice.help, language)}` : '';
      await place.getByRole(control.input, { name: label + help, exact: true }).check();
    }
  } else await place.fill(String(value));
}

/** Enters the answers of one screen, in the order of the form. */
export async function enterScreen(page: Page, screen: string, entered: Entered, language: Language): Promise<void> {
  const { fields = [] } = kitchen.screens.find(({ id }) => id === screen) ?? {};
  const name = String(entered['full_name']);
  for (const { id } of fields) {
    const value = entered[id];
    if (value !== undefined) await enter(page, id, value, language, name);
  }
}

export const goOn = (page: Page, language: Language): Promise<void> =>
  button(page, wordings[language].page.next).click();
