/** The countries of the world, as fields ask for them. */
import { localeOf, type Language } from '../../wording/wording.ts';
import type { Choice } from '../field-type.ts';

/** ISO 3166-1 alpha-2, all 249 codes that are officially assigned. */
export const COUNTRIES =
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
   CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
   GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
   KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
   NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
   SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
   VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/);

/** "Pilipinas" for PH, in `language`; an unknown code stays as it is. */
export const countryIn = (code: string, language: Language): string =>
  COUNTRIES.includes(code) ? (namesIn(language).of(code) ?? code) : code;

const namesIn = (language: Language) => new Intl.DisplayNames(localeOf(language), { type: 'region' });

const listed = new Map<Language, Choice[]>();

/** All countries, in the order of their names in `language`. */
export function countryChoices(language: Language): Choice[] {
  const choices = listed.get(language) ?? sorted(language);
  listed.set(language, choices);
  return choices;
}

function sorted(language: Language): Choice[] {
  const names = namesIn(language);
  const { compare } = new Intl.Collator(localeOf(language));
  return COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) =>
    compare(a.label, b.label),
  );
}
