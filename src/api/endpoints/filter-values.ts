/** Checks the values of a filter of people, because a wrong one would find no one and look like an empty result. */
import type { Form } from '../../form/schema.ts';
import type { PeopleFilter } from '../../record/results/people.ts';
import { SHARED_ROW } from '../../record/results/rows-of-day.ts';
import { OTHER_SOURCES } from '../../record/results/sources.ts';
import { stepIds, WINK_STEPS } from '../../record/results/steps.ts';
import { allVersions } from '../../record/versions.ts';
import type { Services } from '../../respond/services.ts';
import { ApiException } from '../errors.ts';

type Filter = Partial<Pick<PeopleFilter, 'from' | 'to' | 'link' | 'language' | 'reached' | 'left'>>;
type Named = 'link' | 'language' | 'reached' | 'left';

/** A message names no more values than this, and no more characters of the wrong one. */
const MAX_NAMED = 30;
const MAX_CHARACTERS = 60;

/**
 * Refuses a filter with a value that the form `slug` never had. Values of its earlier versions and closed links are right.
 * @throws ApiException that names the values of the current version
 */
export async function checkFilter(services: Services, slug: string, filter: Filter): Promise<void> {
  const { from, to } = filter;
  if (from !== undefined && to !== undefined && from > to) throw invalid('from is later than to. Swap them.');
  const form = services.catalog.current(slug)?.form;
  const current = valuesOf(form ? [form] : [], sharedLinks(services, slug));
  const isUnknown = (values: Values) => (name: Named) => {
    const value = filter[name];
    return value !== undefined && !values[name].some((known) => known === value) && !(name === 'reached' && isPart(value, values.reached)); // prettier-ignore
  };
  const maybe = NAMES.filter(isUnknown(current));
  if (!maybe.length) return;
  // Another server may have made the link a moment ago, and an earlier version may have had the value.
  await services.links.refresh();
  const versions = [...(await allVersions(services.db, slug)).values()];
  const wrong = maybe.find(isUnknown(valuesOf(versions, sharedLinks(services, slug))));
  if (wrong) throw invalid(`${NO_SUCH[wrong]} ${String(filter[wrong]).slice(0, MAX_CHARACTERS)}. ${choiceOf(current[wrong])}`); // prettier-ignore
}

const NAMES = ['reached', 'left', 'link', 'language'] as const;

const NO_SUCH: Record<Named, string> = {
  reached: 'There is no step',
  left: 'This form has no screen',
  link: 'This form has no link',
  language: 'This form has no language',
};

type Values = Record<Named, string[]>;

/** The values that forms have. An empty one stands for no link, and for the end. */
function valuesOf(forms: readonly Form[], links: readonly string[]): Values {
  const screens = forms.flatMap((form) => form.screens);
  return {
    reached: stepIds(screens),
    left: [...screens.map(({ id }) => id), ''],
    link: [...forms.flatMap((form) => form.links ?? []).map(({ id }) => id), ...links, '', OTHER_SOURCES, SHARED_ROW],
    language: [...forms.flatMap((form) => form.languages), SHARED_ROW],
  };
}

const sharedLinks = ({ links }: Services, slug: string): string[] => links.list(slug).map(({ link }) => link.id);

/** Whether a step is a part of one in a sign-in window, such as a provider. Smile may have a new one at any time. */
const isPart = (step: string, steps: readonly string[]): boolean =>
  steps.some((one) => WINK_STEPS.some((kind) => one.startsWith(`${kind}:`)) && step.startsWith(`${one}:`));

function choiceOf(values: readonly string[]): string {
  const known = [...new Set(values)].filter((value) => value !== SHARED_ROW).map((value) => value || '-');
  const more = known.length - MAX_NAMED;
  return `Use ${known.length > 1 ? 'one of ' : ''}${known.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` or one of ${more} more` : ''}.`;
}

const invalid = (message: string) => new ApiException({ code: 'invalid_request', message });
