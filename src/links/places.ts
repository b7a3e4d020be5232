/** Places where links are published, and the campaign values that each stands for. */
import { slugFrom } from '../form/id.ts';
import type { CampaignLink } from '../form/settings/links.ts';

/** Ids and campaigns use at most so much of a link's name, in characters. So addresses stay short. */
export const MAX_LINK_NAME = 40;

/** The longest name of another place, in a publisher's own words. In characters. */
export const MAX_PLACE = 60;

const PLACES = {
  facebook: { label: 'Facebook', medium: 'social' },
  instagram: { label: 'Instagram', medium: 'social' },
  tiktok: { label: 'TikTok', medium: 'social' },
  sms: { label: 'SMS', medium: 'sms' },
  email: { label: 'Email', medium: 'email' },
  print: { label: 'Print', medium: 'print' },
  partner: { label: 'Partner', medium: 'referral' },
} as const;

export type PlaceName = keyof typeof PLACES;

export const PLACE_NAMES = Object.keys(PLACES) as PlaceName[];

export const isPlace = (name: string): name is PlaceName => Object.hasOwn(PLACES, name);

/** The name of a place for people. Another word stays as it is. */
export const placeLabel = (name: string): string => (isPlace(name) ? PLACES[name].label : name);

/** The words for campaign values, by the parameter that each is stored as. */
const CAMPAIGN_WORDS: Record<string, string> = {
  utm_source: 'Source',
  utm_medium: 'Medium',
  utm_campaign: 'Campaign',
  utm_term: 'Search term',
  utm_content: 'Content',
};

/** The word for a campaign value, such as `Source` for `utm_source`. Undefined for any other parameter. */
export const campaignWord = (parameter: string): string | undefined =>
  Object.hasOwn(CAMPAIGN_WORDS, parameter) ? CAMPAIGN_WORDS[parameter] : undefined;

/** The campaign of a link with this name, published at this place. */
export function utmOf(place: PlaceName, name: string): NonNullable<CampaignLink['utm']> {
  const campaign = slugFrom(name, MAX_LINK_NAME);
  return { source: place, medium: PLACES[place].medium, ...(campaign && { campaign }) };
}
