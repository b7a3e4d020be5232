/** Layla's answers to the form with everything in it, and their stored values. */
import type { Entered } from './kitchen.ts';

const without = ({ ...entered }: Entered, id: string): Entered => {
  delete entered[id];
  return entered;
};

/** As she writes it. */
export const layla: Entered = {
  full_name: 'Layla Haddad',
  email: 'layla@mail.example',
  mobile: '0917 123 4567',
  profile: 'riders.example/layla',
  badge: '0417',
  story: 'I know every street.\nAnd I like the rain.',
  tin: '123 456 788',
  sss: '34 1234567 8',
  curp: 'hegg560427mvzrrl04',
  rfc: 'GODE 561231 GR8',
  nik: '317101 410195 0001',
  status: 'other',
  status_other: 'I study',
  apps: ['grab', 'other'],
  apps_other: 'Padyak',
  city: 'other',
  city_other: 'Bacolod',
  has_bike: true,
  hours: 45,
  rate: 120.5,
  bonus: 1000,
  call_at: '10:15',
  born: '1990-05-04',
  start_on: '2099-01-15',
  licensed: '2015-03-02',
  nationality: 'LB',
  home: { line1: '12 Mabini St', line2: 'Flat 3', city: 'Cebu', region: 'Central Visayas', postal_code: '6000', country: 'PH' },
  mail_to: { line1: 'PO Box 7', city: 'Manila' },
  stars: 4,
  likely: 6,
  safe: 3,
  better: 'More shade at the stands.',
  agree: true,
  news: true,
}; // prettier-ignore

const texts: Entered = {
  full_name: 'ليلى حداد',
  story: 'أعرف كل شوارع المدينة القديمة.\nوأحب المطر.',
  status_other: 'أدرس',
  apps_other: 'بادياك',
  city_other: 'باكولود',
  home: { line1: '12 شارع مابيني', line2: 'شقة 3', city: 'سيبو', region: 'فيساياس الوسطى', postal_code: '6000', country: 'PH' },
  better: 'مزيد من الظل عند المواقف.',
}; // prettier-ignore

/** As she writes it in Arabic, with one address less. */
export const inArabic: Entered = { ...without(layla, 'mail_to'), ...texts };

/** The same as a program reads it, beside the ids of her files. */
export const kept: Entered = {
  ...layla,
  mobile: '+639171234567',
  profile: 'https://riders.example/layla',
  branch: 'cebu',
  tin: '123456788',
  sss: '3412345678',
  curp: 'HEGG560427MVZRRL04',
  rfc: 'GODE561231GR8',
  nik: '3171014101950001',
  income: 24_498,
  mail_to: { line1: 'PO Box 7', city: 'Manila', country: 'PH' },
};

export const keptInArabic: Entered = { ...without(kept, 'mail_to'), ...texts };
