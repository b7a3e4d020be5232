import { expect } from 'vitest';
import type { LINK_LIMITS } from '../../src/site-limits/link-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { messages } from '../form/compile.ts';
import type { Scenario } from './scenario.ts';

const { formLinks, embedSites } = SITE_LIMITS;

const listOf = (count: number, one: (n: number) => string): string => Array.from({ length: count }, (_, n) => one(n)).join(', '); // prettier-ignore

/** A form with one more key, and its errors. */
const errorsWith = (key: string): string[] =>
  messages(`title: T\n${key}\nscreens: [{ id: one, title: One }]\nendings: [{ id: done, title: Done }]\n`);

/** A list in a form that may have so many entries, and not one more. */
const refusesMore = (most: number, form: (count: number) => string): Scenario =>
  async () => {
    expect(errorsWith(form(most))).toEqual([]);
    expect(errorsWith(form(most + 1))).toEqual([expect.stringContaining(String(most))]);
  }; // prettier-ignore

export const linkScenarios: Record<keyof typeof LINK_LIMITS, Scenario> = {
  formLinks: refusesMore(formLinks.value, (count) => `links: [${listOf(count, (n) => `{ id: link-${n} }`)}]`),
  embedSites: refusesMore(embedSites.value, (count) => `embed: { allow: [${listOf(count, (n) => `"https://s${n}.example"`)}] }`), // prettier-ignore
};
