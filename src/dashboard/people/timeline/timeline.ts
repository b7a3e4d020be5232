/** One submission's events as lines, each with its source: the browser claims, and Smile confirms. */
import { capitalize } from '../../../form/capitalize.ts';
import type { RecordedEvent } from '../../../record/events.ts';
import type { Tone } from '../../display/account-words.ts';
import { claimsOf, confirmations, pairDuplicates, type ClaimLine } from './claims.ts';
import { payloadText } from './event-payload.ts';
import { joined, describeEvent } from './describe-event.ts';
import {
  accountNames,
  accountOf,
  durationInWords,
  disconnectedBy,
  sortByOccurrence,
  pauseBefore,
  providerOf,
  numberTries,
} from './event-analysis.ts';
import type { Titles } from '../../display/titles.ts';

export type Line = {
  /** The time of the event by the clock of its source, in ISO 8601. */
  at: string;
  icon: string;
  tone: Tone | undefined;
  title: string;
  detail: string | undefined;
  /** The name in Smile's protocol or Flipsite's. */
  name: string;
  /** The source as text. For webhooks, it says that the signature is right. */
  by: string;
  /** The same for Smile's webhook about the same event. */
  also: EventOrigin | undefined;
  claims: ClaimLine[];
  /** Whether it is hidden until a member asks for technical details. */
  isTechnical: boolean;
  /** The time since the event before, if it was long. */
  pause: string | undefined;
  /** How often the person saved the same screen in a row; 1 for any other event. */
  times: number;
};

type EventOrigin = { name: string; by: string };

/** The lines for events, in the order in which they happened. @param received events in the order received */
export function timeline(received: RecordedEvent[], titles: Titles): Line[] {
  const events = sortByOccurrence(received);
  const confirmed = confirmations(events);
  const [named, tried, ended] = [accountNames(events), numberTries(events), disconnectedBy(events)];
  const webhookOf = pairDuplicates(events);
  const claimOf = new Map([...webhookOf].map(([claim, webhook]) => [webhook, claim]));
  const shown = new Set<RecordedEvent>();
  const lines = events.flatMap((first, at): Line[] => {
    if (shown.has(first)) return [];
    // An event from both sources has the place of the earlier one.
    const event = claimOf.get(first) ?? first;
    const webhook = webhookOf.get(event);
    for (const one of [event, webhook]) if (one) shown.add(one);
    const [provider, account] = [providerOf(event), named(accountOf(event))];
    const who = provider ? [titles.provider(provider), account].filter(Boolean).join(', ') : capitalize(account ?? '');
    const pause = pauseBefore(first, events[at - 1]);
    const { icon, title, tone, detail } = describeEvent(event, titles, who, pause !== undefined);
    const claims = claimsOf(event, confirmed);
    // Green is for facts. A claim alone is not a fact.
    const unproven = tone === 'ok' && claims.length > 0 && !claims.some((claim) => claim.tone === 'ok');
    return [
      {
        at: first.at,
        icon,
        tone: unproven ? undefined : tone,
        title,
        detail: joined(detail, (webhook && tried(webhook)) ?? tried(event), ended(webhook ?? event), lateness(first)),
        ...originOf(event),
        also: webhook && originOf(webhook),
        claims,
        isTechnical: TECHNICAL.has(event.name),
        pause,
        times: 1,
      },
    ];
  });
  const grouped: Line[] = [];
  for (const line of lines) {
    const before = grouped.at(-1);
    const one = before && asOneLine(before, line);
    if (one) grouped[grouped.length - 1] = one;
    else grouped.push(line);
  }
  return grouped;
}

/** The line for two events in a row. Undefined if each has its own. */
function asOneLine(before: Line, line: Line): Line | undefined {
  if (goesWith(before, line)) return both(before, line);
  return isSavedAgain(before, line) ? { ...before, title: line.title, times: before.times + 1 } : undefined;
}

/** Whether the person saved the same screen again. */
const isSavedAgain = (before: Line, line: Line): boolean =>
  line.name === 'answersSaved' &&
  before.name === line.name &&
  before.by === line.by &&
  before.detail === line.detail &&
  line.pause === undefined;

/** Steps between servers, without news about the person. */
const TECHNICAL = new Set(['USER_CREATED', 'linkTokenIssued']);

const AVAILABLE = ' available';
const ADDED = /^[A-Z]+_ADDED$/;

/** Smile sends an event for each kind of data. Several in a row become one line. */
const goesWith = (before: Line, line: Line): boolean =>
  before.name.split(', ').every((name) => ADDED.test(name)) &&
  ADDED.test(line.name) &&
  before.detail === line.detail &&
  before.title.endsWith(AVAILABLE) &&
  line.title.endsWith(AVAILABLE);

function both(before: Line, line: Line): Line {
  const title = `${before.title.slice(0, -AVAILABLE.length)}, ${line.title.charAt(0).toLowerCase()}${line.title.slice(1)}`;
  return { ...before, title, name: `${before.name}, ${line.name}` };
}

function originOf({ name, source, data }: RecordedEvent): EventOrigin {
  const screen = name === 'onUIEvent' ? payloadText(data, 'eventName') : undefined;
  const says = { page: 'The page, in the browser', widget: 'The widget, in the browser', webhook: 'Webhook of Smile, signature checked', server: 'This server' }; // prettier-ignore
  return { name: screen ? `${name}, ${screen}` : name, by: says[source] };
}

/**
 * A phone that was offline reports later, and the clock of another one is wrong. Small differences mean nothing, because two
 * clocks are compared.
 */
function lateness({ at, receivedAt, source }: RecordedEvent): string | undefined {
  const seconds = (Date.parse(receivedAt) - Date.parse(at)) / 1000;
  if (Math.abs(seconds) < 60) return undefined;
  const ofBrowser = source === 'page' || source === 'widget';
  if (seconds > 0)
    return `Reached the server ${durationInWords(seconds)} later${ofBrowser ? ', by the clock of the device' : ''}`;
  return ofBrowser ? `The clock of the device was ${durationInWords(-seconds)} ahead` : undefined;
}
