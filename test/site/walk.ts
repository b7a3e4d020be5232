/** The actions of a person on the phone: finds things by role and label, and nothing else. */
import { expect, type FrameLocator, type Locator, type Page } from 'playwright/test';
import { wordings, type Language } from '../../src/form/wording/wording.ts';
import type { Given, Visit } from './people.ts';

/** Words of the page by language. */
export const words = {
  en: {
    optional: 'optional',
    next: 'Continue',
    send: 'Send',
    back: 'Back',
    connect: 'Connect your work account',
    cannot: 'I can’t connect now',
    retry: 'Try again',
    without: 'Continue without connecting',
    reference: 'Keep this reference',
  },
  es: {
    optional: 'opcional',
    next: 'Continuar',
    send: 'Enviar',
    back: 'Atrás',
    connect: 'Conectar tu cuenta de trabajo',
    cannot: 'No puedo conectarla en este momento',
    retry: 'Intentar de nuevo',
    without: 'Continuar sin conectar',
    reference: 'Guarda esta referencia',
  },
};

export type Words = (typeof words)['en'];

export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true });

export const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { name, exact: true, level: 1 });

/** Opens a form and waits until its script has taken over. */
export async function openForm(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('form[data-ready]').waitFor();
}

/** Opens a link that continues a form on another device, as the person who began it. */
export async function openLink(page: Page, link: string, language: Language = 'en'): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: wordings[language].resume.yes }).click();
  await page.locator('form[data-ready]').waitFor();
}

/** Opens *Finish later* in an English form. @returns the link to go on */
export async function linkToFinishLater(page: Page): Promise<string> {
  await button(page, 'Finish later').click();
  return page.getByRole('textbox', { name: 'Copy the link' }).inputValue();
}

/** Waits until the browser's own Back would lead away from the screen that is shown. */
export const inHistory = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.screen.now')?.id === `s-${location.hash.slice(1)}`);

/**
 * Cuts off the saves of a page, as where the network is gone. The route stays afterwards: a request that is on its way while a
 * route is taken away can hang.
 * @returns a function that lets them through again
 */
export async function cutSaves(page: Page): Promise<() => void> {
  let isCut = true;
  await page.route('**/api/submissions/*/answers', (route) =>
    isCut && route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  return () => (isCut = false);
}

/** The control of an answer, or the group of its controls. */
export function controlOf(page: Page, { label, how, optional }: Given, { optional: mark }: Words = words.en): Locator {
  const name = optional ? `${label} (${mark})` : label;
  switch (how) {
    case 'type':
    case 'number':
      return page.getByRole('textbox', { name, exact: true });
    case 'select':
      return page.getByRole('combobox', { name, exact: true });
    case 'agree':
      return page.getByRole('checkbox', { name, exact: true });
    case 'choose':
      return page.getByRole('radiogroup', { name, exact: true });
    case 'tickAll':
      return page.getByRole('group', { name, exact: true });
    case 'date': // A date has no role of its own.
      return page.getByLabel(name, { exact: true });
  }
}

/** The help of an option is part of its name. */
const beginning = (label: string) => new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( |$)`);

/** Gives one answer. */
export async function give(page: Page, answer: Given, say: Words = words.en): Promise<void> {
  const control = controlOf(page, answer, say);
  const values = [answer.value].flat();
  switch (answer.how) {
    case 'select':
      await control.selectOption({ label: values[0] ?? '' });
      break;
    case 'agree':
      await control.check();
      break;
    case 'choose':
      await control.getByRole('radio', { name: beginning(values[0] ?? '') }).check();
      break;
    case 'tickAll':
      for (const name of values) await control.getByRole('checkbox', { name, exact: true }).check();
      break;
    case 'type':
    case 'number':
    case 'date':
      await control.fill(values[0] ?? '');
  }
}

/** Expects an answer in its control. */
export async function expectGiven(page: Page, answer: Given, say: Words = words.en): Promise<void> {
  const control = controlOf(page, answer, say);
  const values = [answer.value].flat();
  switch (answer.how) {
    case 'select':
      await expect(control.getByRole('option', { name: values[0] ?? '', exact: true })).toHaveJSProperty(
        'selected',
        true,
      );
      break;
    case 'agree':
      await expect(control).toBeChecked();
      break;
    case 'choose':
      await expect(control.getByRole('radio', { name: beginning(values[0] ?? '') })).toBeChecked();
      break;
    case 'tickAll':
      for (const name of values) await expect(control.getByRole('checkbox', { name, exact: true })).toBeChecked();
      break;
    case 'type':
    case 'number':
    case 'date':
      await expect(control).toHaveValue(values[0] ?? '');
  }
}

/** Fills in a screen, and goes on. `last` is for the one after which the form is sent. */
export async function fillScreen(page: Page, visit: Visit, say: Words = words.en, last = false): Promise<void> {
  await expect(heading(page, visit.heading)).toBeVisible();
  for (const answer of visit.answers) await give(page, answer, say);
  await button(page, last ? say.send : say.next).click();
}

export async function fillScreens(page: Page, visits: Visit[], say: Words = words.en): Promise<void> {
  for (const visit of visits) await fillScreen(page, visit, say);
}

/** Fills in the screens, the last of which sends the form. */
export async function fillAndSend(page: Page, visits: Visit[], say: Words = words.en): Promise<void> {
  await fillScreens(page, visits.slice(0, -1), say);
  for (const last of visits.slice(-1)) await fillScreen(page, last, say, true);
}

/** The reference on an ending. */
export async function referenceOn(page: Page, say: Words = words.en): Promise<string> {
  const panel = page.getByText(say.reference, { exact: true }).locator('..');
  await expect(panel).toBeVisible();
  return (await panel.innerText()).split('\n').find((line) => /^[A-Z0-9 -]{6,}$/.test(line)) ?? '';
}

/** Smile's widget, once it is open. @param page or the frame that has it */
export function widgetOn(page: Page | FrameLocator) {
  const dialog = page.getByRole('dialog');
  const press = (name: string) => button(dialog, name).click();
  return {
    dialog,
    press,
    async signInAt(provider: string, password: string) {
      await press('Agree and continue');
      await press(provider);
      await this.signIn(password);
    },
    async signIn(password: string) {
      await dialog.getByRole('textbox', { name: 'User name' }).fill('George');
      await dialog.getByLabel('Password', { exact: true }).fill(password);
      await press('Sign in');
    },
    async verify(code: string) {
      await dialog.getByRole('textbox', { name: 'Verification code' }).fill(code);
      await press('Verify');
    },
  };
}
