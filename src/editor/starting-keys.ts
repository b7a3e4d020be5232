/** The keys that a new question of a type begins with. */
import type { TypeGuide } from '../form/docs/guide.ts';
import type { Value } from '../form/edit/edit.ts';
import { languagesOf } from '../form/edit/value.ts';
import { placedFields, type DataMap } from './form-data.ts';

/** A phone question has the country of the form too, because people leave the country code out. */
export function startingKeys(data: Value, { type, starter }: Pick<TypeGuide, 'type' | 'starter'>): DataMap {
  const country = type === 'phone' && countryOf(data);
  return { ...(starter as DataMap), ...(country && { country }) };
}

/**
 * The country that the form names: in a phone question or an address, or by its first language. A currency is no sign,
 * since a new amount begins with one.
 */
function countryOf(data: Value): Value | undefined {
  const countries = placedFields(data).map(({ field }) => field['country']);
  return countries.find(Boolean) ?? COUNTRY_OF_LANGUAGE[languagesOf(data)[0]];
}

/** The languages of Flipsite that one country speaks. */
const COUNTRY_OF_LANGUAGE: { [language: string]: string } = { fil: 'PH', id: 'ID' };
