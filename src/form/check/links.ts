/**
 * Links: each has its own id, fills in only values that can be filled in, and names a language and an ending that
 * exist.
 */
import { didYouMean } from '../faults/nearest.ts';
import { prefillFault } from '../settings/link-values.ts';
import type { CampaignLink } from '../settings/links.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { fillableIds, valuesInAddress } from '../inspect/link-values.ts';
import { pipes } from '../runtime/text.ts';
import { fieldCalled, type Form } from '../schema.ts';
import type { Doubts } from './doubts.ts';
import type { Finding } from './finding.ts';

export function linkFaults(form: Form, now: Date, { kinds, answers }: Doubts): Finding[] {
  const links = form.links ?? [];
  return [
    ...embedFaults(form),
    ...links.flatMap((link, at) => {
      const path = ['links', at];
      const isRepeated = links.slice(0, at).some(({ id }) => id === link.id);
      const repeatedFault: Finding = { place: { path: [...path, 'id'] }, message: `the id \`${link.id}\` is already used by a link`, remedy: `Write another id, like \`${link.id}-2\`.` }; // prettier-ignore
      return [
        ...(isRepeated ? [repeatedFault] : []),
        ...Object.entries(link.params ?? {}).flatMap(([id, value]) =>
          kinds.has(id) || answers.has(id) ? [] : paramFaults(form, [...path, 'params'], id, value, now),
        ),
        ...lengthFaults(form, link, path),
        ...languageFaults(form, link, path),
        ...endingFaults(form, link, path),
      ];
    }),
  ];
}

/**
 * The error of a link whose id another form has.
 * @param at the index of the link
 * @param owner the other form, as words
 */
export const linkConflict = (id: string, at: number, owner: string) => ({
  place: { path: ['links', at, 'id'] },
  message: `the link \`${id}\` is already used in ${owner}`,
  remedy: `Write another id, like \`${id}-2\`. Each id is used once on the site.`,
});

/** Browsers send no cookie from a frame of another website, and a form with a password needs one. */
function embedFaults({ embed, password }: Form): Finding[] {
  if (!embed || password === undefined) return [];
  return [{ place: { path: ['embed'] }, message: 'a form with a password cannot be shown on other websites', remedy: 'Delete `password` or `embed`. Browsers keep no password for a frame.' }]; // prettier-ignore
}

function paramFaults(form: Form, path: PropertyKey[], id: string, value: string, now: Date): Finding[] {
  if (form.params.includes(id)) return [];
  const field = fieldCalled(form, id);
  if (!field) {
    const known = [...form.params, ...fillableIds(form)];
    const instead = known.length ? `Use one of: ${known.join(', ')}.` : `Add \`params: [${id}]\` to the form.`;
    return [{ place: { path, find: id }, message: `there is no param and no field \`${id}\``, remedy: didYouMean(id, known, instead), unknown: true }]; // prettier-ignore
  }
  const fault = prefillFault(form, field, value, now);
  if (!fault) return [];
  return [
    {
      place: { path: [...path, id] },
      message: `the link cannot fill in \`${id}\`: ${fault.why}`,
      remedy: fault.remedy,
    },
  ];
}

function lengthFaults(form: Form, link: CampaignLink, path: PropertyKey[]): Finding[] {
  const most = SITE_LIMITS.linkValuesCharacters.value;
  const { length } = new URLSearchParams(valuesInAddress(form, link)).toString();
  if (length <= most) return [];
  const message = `the values of the link take ${length} characters in its address, which has room for ${most}. Letters of other alphabets take six or nine each`;
  return [{ place: { path: [...path, 'params'] }, message, remedy: 'Shorten the values, or delete some.' }];
}

function languageFaults({ languages }: Form, { language }: CampaignLink, path: PropertyKey[]): Finding[] {
  if (!language || languages.includes(language)) return [];
  const message = `the form is not in the language ${language}`;
  return [{ place: { path: [...path, 'language'] }, message, remedy: `Use one of: ${languages.join(', ')}.` }];
}

function endingFaults(form: Form, { ending: id, closes, max }: CampaignLink, path: PropertyKey[]): Finding[] {
  if (id === undefined) return [];
  const place = { path: [...path, 'ending'] };
  const known = form.endings.map((one) => one.id);
  const ending = form.endings.find((one) => one.id === id);
  if (!ending) return [{ place, message: `there is no ending \`${id}\``, remedy: didYouMean(id, known, `Use one of: ${known.join(', ')}.`), unknown: true }]; // prettier-ignore
  if (!closes && !max) return [{ place, message: '`ending` has no effect, because the link never closes', remedy: 'Add `closes` or `max` to the link, or delete `ending`.' }]; // prettier-ignore
  const [name] = [ending.title, ending.text, ending.redirect].flatMap((text) => (text ? pipes(text) : []));
  if (name === undefined) return [];
  return [{ place, message: `the ending \`${id}\` shows {${name}}, which is not known when a link is closed`, remedy: 'Use an ending without {…}.' }]; // prettier-ignore
}
