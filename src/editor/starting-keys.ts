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

/** The country that the form names: in a phone question or an address, by a currency, or by its first language. */
function countryOf(data: Value): Value | undefined {
  const fields = placedFields(data).map(({ field }) => field);
  const currencies = fields.map(({ currency }) => countryOfCurrency(currency));
  const all = [...fields.map(({ country }) => country), ...currencies, COUNTRY_OF_LANGUAGE[languagesOf(data)[0]]];
  return all.find(Boolean);
}

/** The languages of Flipsite that one country speaks. */
const COUNTRY_OF_LANGUAGE: { [language: string]: string } = { fil: 'PH', id: 'ID' };

/** A currency begins with its country. Those that begin with EU, AN and X belong to several, and many use US dollars. */
const countryOfCurrency = (currency: Value | undefined): string | undefined =>
  typeof currency === 'string' && !/^(?:EU|AN|X|US)/.test(currency) ? currency.slice(0, 2) : undefined;
