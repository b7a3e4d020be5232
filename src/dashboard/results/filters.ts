/** The filters of Results and of the people behind its figures, as the address has them. */
import type { PeopleFilter } from '../../record/results/people.ts';
import type { ResultFilter } from '../../record/results/read-counts.ts';

/** The value in an address for people without a link, or at the end of the form. No id looks like this. */
export const NO_VALUE = '-';

const DAY_MS = 86_400_000;
export const DEFAULT_DAYS = 30;

/** The day of a time in UTC, such as `2026-12-01`. */
export const utcDay = (time: Date): string => time.toISOString().slice(0, 10);
/** The day in UTC that is `days` before `now`. */
export const daysBefore = (now: Date, days: number): string => utcDay(new Date(now.getTime() - days * DAY_MS));

/** A day that exists. */
const readDay = (text: string | null): string | undefined => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? new Date(`${text}T00:00:00Z`) : undefined;
  return time && !Number.isNaN(time.getTime()) && utcDay(time) === text ? text : undefined;
};

const readText = (search: URLSearchParams, name: string): string | undefined => {
  const text = search.get(name)?.slice(0, 100);
  return text === '' || text === undefined ? undefined : text === NO_VALUE ? '' : text;
};

type Filter = Omit<ResultFilter, 'form'>;

const readFilter = (search: URLSearchParams): Filter => ({
  from: readDay(search.get('from')),
  to: readDay(search.get('to')),
  link: readText(search, 'link'),
  language: readText(search, 'language'),
});

/** The filter of Results. Without days in the address, it is the last 30 days. */
export function readResultFilter(search: URLSearchParams, now: Date): Filter {
  const filter = readFilter(search);
  return filter.from || filter.to ? filter : { ...filter, from: daysBefore(now, DEFAULT_DAYS - 1), to: utcDay(now) };
}

/** The people that the address asks for. */
export const readPeopleFilter = (search: URLSearchParams, now: Date): PeopleFilter => ({
  ...readFilter(search),
  device: readText(search, 'device'),
  reached: readText(search, 'reached'),
  left: readText(search, 'left'),
  active: search.get('active') === '1',
  now,
});

/** A filter as parameters of an address. */
export function filterParams(
  { from, to, link, language }: Filter,
  { device, reached, left, active }: Partial<PeopleFilter> = {},
): URLSearchParams {
  const named = { from, to, link, language, device, reached, left };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(named))
    if (value !== undefined) query.set(name, value === '' ? NO_VALUE : value);
  if (active) query.set('active', '1');
  return query;
}
