/** The screens in which the page of a draft differs from an earlier one, for a page that is open. Pure. */
import type { PageData } from '../../contract/page.ts';
import type { ChangedScreen } from '../../contract/preview.ts';
import { PAGE_VERSION } from '../../form/id.ts';

/**
 * Compares two pages of a form in one language.
 * @returns undefined where they differ in more than a few screens, or in a screen whose controls are held by a script
 *   that loads later. Then the open page has to be loaded again
 */
export function changedScreens(before: string, after: string): ChangedScreen[] | undefined {
  const [old, now] = [partsOf(before), partsOf(after)];
  if (!old || !now || old.rest !== now.rest) return undefined;
  const changed = now.screens.flatMap((screen, at) => {
    const was = old.screens[at];
    return was && JSON.stringify(was) === JSON.stringify(screen) ? [] : [{ was, screen }];
  });
  const canTake = changed.every(({ was, screen }) => was && !isHeld(was) && !isHeld(screen));
  return canTake && changed.length <= MAX_CHANGED ? changed.map(({ screen }) => screen) : undefined;
}

/** A key changes one screen. Loading the page again is quicker than putting in many. */
const MAX_CHANGED = 10;

const PAGE = new RegExp(
  `^(.*?)(<section class="screen.*</section>)(<input type="hidden" name="${PAGE_VERSION}".*?<script type="application/json" id="flipsite">)(.*?)(</script>.*)$`,
  's',
);

/** The screens of a page, and all that open pages can't take: the ids, the settings, the styles and the scripts. */
function partsOf(html: string): { screens: ChangedScreen[]; rest: string } | undefined {
  const [, head, sections = '', below, written = '', tail] = PAGE.exec(html) ?? [];
  if (!written) return undefined;
  const { screens, ...data } = JSON.parse(written) as PageData;
  // No text of an author has a `<` in HTML.
  const parts = sections.split(/(?=<section class="screen)/);
  if (parts.length !== screens.length) return undefined;
  const ids = screens.map(({ id, fields }) => [id, ...fields.map((field) => [field.id, field.kind])]);
  return {
    screens: screens.map((screen, at) => ({ html: parts[at] ?? '', data: screen })),
    rest: JSON.stringify([head, below, data, tail, ids]).replaceAll(data.version, ''),
  };
}

/** Whether the scripts for Wink, files or numbers know the controls of a screen. */
const isHeld = ({ html, data: { wink, fields } }: ChangedScreen): boolean =>
  wink !== undefined || fields.some(({ kind }) => kind === 'files') || html.includes(' data-amount=');
