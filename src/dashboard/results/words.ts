/** The words of Results: the definition of each number, the names in a breakdown, and times. */
import type { StepKind } from '../../record/results/steps.ts';
import { OTHER } from '../../record/results/submission-progress.ts';
import { accountErrorInWords } from '../display/account-words.ts';
import { blockedWords } from '../people/timeline/event-labels.ts';

/** The definition of each number. `docs/publish/results.md` has its first sentence too. */
export const DEFINITIONS: Record<StepKind, string> = {
  clicks:
    'People who opened a campaign link. Each person counts once per link and day. People who share one internet address, such as the Wi-Fi of a branch, and have the same kind of browser count as one.',
  opened: 'The page became visible in a browser. A browser counts once until the form is sent.',
  started:
    'The first answer was saved, or filled in by an invitation that was begun. Or the sign-in window was asked for, or the form was sent without an answer.',
  screen:
    'The form showed this screen to the person. “Left here” counts people who did nothing for 30 minutes after it. A draft that was deleted counts at once.',
  window: 'The sign-in window opened.',
  blocked: 'The person asked for the sign-in window, and it never opened.',
  provider: 'The person chose a provider in the window.',
  signed_in: 'The window reported a connected account.',
  failed: 'The person tried to sign in and never succeeded. The reason is the one of the last try.',
  connected: 'Smile confirmed the account. A report of the browser alone is not enough.',
  uploaded: 'The window reported that the person sent documents.',
  not_eligible: 'The answers led to an ending for people who are not eligible. This is neither a success nor a loss.',
  completed:
    'The form was sent. People who are not eligible are not among them. “Left here” counts people who passed all screens and did not send the form.',
};

export const TIME_DEFINITION =
  'Half of the people took at most this long. A pause counts as 5 minutes at most, and times are rounded. The time is of people who left the screen.';

export const SHARE_DEFINITION = 'The share of the people who started. With fewer than 20 people there are no shares.';

/** The name of a row in the breakdown of a step: a provider, or a reason. @param names the known names of providers, by id */
export function nameInBreakdown(kind: StepKind, name: string, names: ReadonlyMap<string, string>): string {
  if (name === OTHER) return kind === 'provider' ? 'Other providers' : 'Another reason';
  if (kind === 'failed') return accountErrorInWords(name);
  if (kind === 'blocked') return blockedWords.get(name) ?? name;
  return names.get(name) ?? name;
}

/** `0:32`, `4:50`, `1:02:00`. */
export function clockTime(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A share from 0 to 1 as text: `42 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A number with its thousands apart: `1,200`. */
export const inGroups = (value: number): string => value.toLocaleString('en-GB');

const DEVICES = new Map([
  ['phone', 'Phone'],
  ['tablet', 'Tablet'],
  ['desktop', 'Computer'],
  ['unknown', 'Unknown'],
  // Of submissions from before devices were stored.
  ['', 'Not stored'],
]);

/** The name of a kind of device. Another word stays as it is. */
export const deviceInWords = (id: string): string => DEVICES.get(id) ?? id;

/** A day as people write it, such as `24 Nov`, or `24 Nov 2025` in another year than that of `now`. */
export const dayInWords = (day: string, now: Date): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(day.slice(0, 4) !== String(now.getUTCFullYear()) && { year: 'numeric' }),
  });
