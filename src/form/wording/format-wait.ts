/** A time to wait, as people read it. */
import { localeOf, type Language } from './wording.ts';

/** Such as `10 seconds`, `3 minutes` or `5 hours`. */
export function formatWait(language: Language, seconds: number): string {
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : seconds <= HOUR_SECONDS ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / HOUR_SECONDS), 'hour']; // prettier-ignore
  return new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

export const HOUR_SECONDS = 3_600;
