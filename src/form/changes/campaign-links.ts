/** Changes of campaign links, and of the websites that may show the form. */
import { formatCount } from '../format-count.ts';
import { momentInWords } from '../settings/limits.ts';
import type { CampaignLink } from '../settings/links.ts';
import type { Form } from '../schema.ts';
import { canonicalJson } from '../version.ts';
import { compareKeys, compareLists, flag, forLinks, setting, noSentence, textOf, type Change, type Described, type Pair, type Table } from './compare.ts'; // prettier-ignore
import { languageInWords, titleIn } from './change-sentences.ts';

const address = ({ id }: CampaignLink): string => `the link /go/${id}`;

const LINK: Table<CampaignLink> = {
  id: noSentence,
  name: ({ is: link }, _was, is) => [
    forLinks((q) => (is ? `${address(link)} is now called ${q(is)}.` : `${address(link)} has no name any more.`)),
  ],
  utm: ({ is: link }) => [forLinks(() => `submissions from ${address(link)} now name another campaign.`)],
  params: ({ is: link }) => [forLinks(() => `${address(link)} now fills in other values.`)],
  language: ({ is: link, after }, _was, is) => [
    forLinks(() => `${address(link)} now opens the form in ${languageInWords(is ?? after.languages[0])}.`),
  ],
  closes: ({ is: link, after }, _was, is) => [
    forLinks(() =>
      is
        ? `${address(link)} now closes on ${momentInWords({ closes: is, timezone: after.limits?.timezone }, 'closes', 'en')}.`
        : `${address(link)} no longer closes by itself.`,
    ),
  ],
  max: ({ is: link }, _was, is) => [
    forLinks(() =>
      is === undefined
        ? `any number of people can now use ${address(link)}.`
        : `${address(link)} now closes after ${formatCount(is, 'person has', 'people have')} sent the form.`,
    ),
  ],
  ending: ({ is: link, after }, _was, is) => [
    forLinks((q) => {
      const ending = after.endings.find(({ id }) => id === is);
      return ending
        ? `people now see ${q(titleIn(after, ending.title))} after ${address(link)} is closed.`
        : `people no longer see an ending after ${address(link)} is closed.`;
    }),
  ],
};

/** The changes of the links in a form's text. */
export function campaignLinkChanges(pair: Pair<Form>, was: CampaignLink[], is: CampaignLink[]): Described[] {
  const { added, removed, inBoth } = compareLists(was, is, ({ id }) => id);
  const changed = inBoth.flatMap(
    ([before, after]): Change[] =>
    canonicalJson(before) === canonicalJson(after)
      ? []
      : compareKeys(LINK, { ...pair, was: before, is: after, subject: () => address(after), path: ['links', is.indexOf(after)] }), // prettier-ignore
  );
  return [
    ...added.map((link) => forLinks(() => `${address(link)} now leads to the form.`)),
    ...removed.map((link) => forLinks(() => `${address(link)} no longer works.`)),
    ...changed,
  ];
}

/** The changes of the websites that may show the form in a frame. */
export function embedChanges(was: readonly string[], is: readonly string[]): Described[] {
  return [
    ...is
      .filter((site) => !was.includes(site))
      .map((site) => forLinks(() => `the website ${site} can now show the form in a frame.`)),
    ...was
      .filter((site) => !is.includes(site))
      .map((site) => forLinks(() => `the website ${site} can no longer show the form.`)),
  ];
}

export const SHARE: Table<NonNullable<Form['share']>> = {
  title: textOf('title', 'links'),
  description: textOf('description', 'links'),
  // A published form has the picture itself, which no sentence shows.
  image: (pair, was, is) =>
    [was, is].some((one) => one?.startsWith('data:'))
      ? [forLinks(() => (is === undefined ? 'the card of the form no longer has a picture of its own.' : was === undefined ? 'the card of the form now has a picture of its own.' : 'the picture of the card of the form changed.'))] // prettier-ignore
      : setting('picture', String, 'links')(pair, was, is),
  index: flag(
    () => 'search engines may now list the form.',
    () => 'search engines may no longer list the form.',
    'links',
  ),
};
