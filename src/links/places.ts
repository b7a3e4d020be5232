/** Places where links are published, and the campaign values that each stands for. */
import type { CampaignLink } from '../form/links.ts';
import { slugOf } from './make-links.ts';

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

/** The campaign of a link with this name, published at this place. */
export function utmOf(place: PlaceName, name: string): NonNullable<CampaignLink['utm']> {
  const campaign = slugOf(name);
  return { source: place, medium: PLACES[place].medium, ...(campaign && { campaign }) };
}
