/** Relates events to each other: their accounts, attempts, the end of a connection, and pauses. */
import { FOUND_BY_ASKING, OFF_PATH, type RecordedEvent } from '../../../record/events.ts';
import { STATUS_BY_WEBHOOK } from '../../../smile/webhook-status.ts';
import { payloadValue, eventSubject, payloadText } from './event-payload.ts';
import { capitalize } from '../../../form/capitalize.ts';

type EventPayload = Pick<RecordedEvent, 'source' | 'data'>;

const about = ({ source, data }: EventPayload) =>
  eventSubject(source === 'webhook' ? payloadValue(data, 'data') : data);

/** The account of an event, and its provider. */
export const accountOf = (event: EventPayload): string | undefined => about(event).accountId;
export const providerOf = (event: EventPayload): string | undefined => about(event).providerId;

/**
 * Sorts events by the time at which they happened, as far as it is known. The page reports events late, so their times
 * come from the page's clock. Its error is estimated as the smallest delay in the visit.
 */
export function sortByOccurrence(events: RecordedEvent[]): RecordedEvent[] {
  const took = ({ at, receivedAt }: RecordedEvent) => Date.parse(receivedAt) - Date.parse(at);
  const ofBrowser = ({ source }: RecordedEvent) => source === 'page' || source === 'widget';
  const placed: { event: RecordedEvent; moment: number }[] = [];
  for (const visit of visits(events)) {
    const quickest = Math.min(...visit.filter(ofBrowser).map(took));
    for (const event of visit) {
      const late = ofBrowser(event) ? took(event) - quickest : 0;
      placed.push({ event, moment: Date.parse(event.receivedAt) - (late < PAUSE_MS ? late : 0) });
    }
  }
  return placed.sort((a, b) => a.moment - b.moment).map(({ event }) => event);
}

/** Splits events at long pauses. */
function visits(events: RecordedEvent[]): RecordedEvent[][] {
  const parts: RecordedEvent[][] = [];
  events.forEach((event, at) => {
    if (at === 0 || pauseBefore(event, events[at - 1])) parts.push([]);
    parts.at(-1)?.push(event);
  });
  return parts;
}

/** Names accounts by their order, such as "account 2", if there are several. */
export function accountNames(events: RecordedEvent[]): (accountId: string | undefined) => string | undefined {
  const ids = [...new Set(events.flatMap((event) => accountOf(event) ?? []))];
  return (accountId) => {
    const at = ids.indexOf(accountId ?? '');
    return ids.length > 1 && at >= 0 ? `account ${at + 1}` : undefined;
  };
}

/**
 * The number of the attempt for each failed sign-in of an account, except the first. The widget and Smile both report a
 * failure, so each source is counted apart.
 */
export function numberTries(events: RecordedEvent[]): (event: RecordedEvent) => string | undefined {
  const counts = new Map<string, number>();
  const words = new Map<RecordedEvent, string>();
  for (const event of events) {
    if (event.name !== 'onAccountError' && event.name !== 'ACCOUNT_FAILED') continue;
    const key = `${event.name} ${accountOf(event)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > 1) words.set(event, `Failed try ${count}`);
  }
  return (event) => words.get(event);
}

/** The person or system that ended a connection, for the webhook about its end. */
export function disconnectedBy(events: RecordedEvent[]): (event: RecordedEvent) => string | undefined {
  const near = (a: RecordedEvent, b: RecordedEvent) => Math.abs(Date.parse(a.receivedAt) - Date.parse(b.receivedAt)) < 10 * 60_000; // prettier-ignore
  const findEvent = (name: string, about: RecordedEvent) =>
    events.find((event) => event.source !== 'page' && event.name === name && accountOf(event) === accountOf(about) && near(event, about)); // prettier-ignore
  return (event) => {
    if (event.name !== 'ACCOUNT_DISCONNECTED' || event.source !== 'webhook') return undefined;
    const ended = findEvent('accountDisconnected', event);
    if (findEvent('accountRevoked', event) || payloadText(ended?.data, 'reason') === OFF_PATH)
      return 'Flipsite asked for it';
    return findEvent('onAccountRemoved', event) || ended ? 'By the person' : 'By the person or at Smile';
  };
}

const PAUSE_MS = 30 * 60_000;

/** The pause before an event as text, if it was at least half an hour. */
export function pauseBefore(event: RecordedEvent, before: RecordedEvent | undefined): string | undefined {
  const passed = before ? Date.parse(event.receivedAt) - Date.parse(before.receivedAt) : 0;
  return passed < PAUSE_MS ? undefined : `${durationInWords(passed / 1000)} later`;
}

export function durationInWords(seconds: number): string {
  const [amount, unit] =
    seconds < 5400
      ? [seconds / 60, 'minute']
      : seconds < 129_600
        ? [seconds / 3600, 'hour']
        : [seconds / 86_400, 'day'];
  const rounded = Math.round(amount as number);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}

/**
 * The confirmed events in their order, such as "2 failed sign-ins, then connected, then disconnected". With several
 * providers, each has its own. A person who connects again may get another account of the same provider.
 * @param nameOf the name of a provider
 */
export function summarizeAccounts(events: RecordedEvent[], nameOf: (providerId: string) => string): string | undefined {
  const inTime = events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const steps = inTime.flatMap((event) => {
    const step = STEP_BY_STATUS.get(confirmedStatus(event) ?? '');
    return step ? [{ step, provider: providerOf(event) ?? '' }] : [];
  });
  const byProvider = Map.groupBy(steps, ({ provider }) => provider);
  const stories = [...byProvider].map(([provider, own]) => {
    const story = storyOf(own.map(({ step }) => step));
    return byProvider.size > 1 ? `${nameOf(provider)}: ${story}` : capitalize(story);
  });
  return stories.join('. ') || undefined;
}

function storyOf(steps: string[]): string {
  const phrases: string[] = [];
  let connected = 0;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as string;
    let times = 1;
    while (steps[at + 1] === step) (at++, times++);
    if (step === 'failed') phrases.push(times === 1 ? 'a failed sign-in' : `${times} failed sign-ins`);
    else if (step === 'connected') phrases.push(connected++ ? 'connected again' : 'connected');
    else phrases.push(step);
  }
  return phrases.join(', then ');
}

/** The status that an event confirms: a webhook, or an answer of Smile about a change without a webhook. */
function confirmedStatus({ source, name, data }: RecordedEvent): string | undefined {
  if (source === 'webhook') return STATUS_BY_WEBHOOK[name];
  const isNews = source === 'server' && name === 'accountChecked' && payloadValue(data, FOUND_BY_ASKING) === true;
  return isNews ? payloadText(data, 'status') : undefined;
}

const STEP_BY_STATUS = new Map([
  ['ERROR', 'failed'],
  ['CONNECTED', 'connected'],
  ['DISCONNECTED', 'disconnected'],
]);
