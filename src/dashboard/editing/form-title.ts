/** The title of the text of a form. */
import { isMapValue, valueIn } from '../../form/edit/value.ts';
import type { Parsed } from '../../form/parse.ts';
import { localize } from '../../form/runtime/text.ts';
import { CheckerBusy } from '../../publish/check/form-checker.ts';
import type { DashboardContext } from '../context.ts';
import { MAX_TITLE } from '../new-form/new-form.ts';

/**
 * The title of a text for lists: its own where it can be read, and the former one otherwise. A text with errors, or whose
 * check took too long, mostly has a title too. While too much work waits, it is the former one: a text has to be stored.
 */
export const formTitleIn = (c: DashboardContext, slug: string, text: string, former: string): Promise<string> =>
  readTitle(c, slug, text, former).catch((error: unknown) => {
    if (error instanceof CheckerBusy) return former;
    throw error;
  });

async function readTitle(c: DashboardContext, slug: string, text: string, former: string): Promise<string> {
  const { publisher } = c.var.options;
  const parsed = await publisher.check(slug, text);
  if (parsed.ok) return draftTitle(parsed, former);
  const title = valueIn((await publisher.read(text))?.data ?? null, ['title']);
  const words = isMapValue(title) ? Object.values(title) : [title];
  return (
    words
      .find((one) => typeof one === 'string')
      ?.trim()
      .slice(0, MAX_TITLE) || former
  );
}

/** The title of a checked text in its first language. `former` where the text has errors. */
export const draftTitle = (parsed: Parsed, former: string): string =>
  parsed.ok ? localize(parsed.form.title, parsed.form.languages[0]) : former;
