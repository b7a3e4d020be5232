/** One submission's events as lines in plain words. Each says who says it: the browser claims, Smile confirms. */
import type { RecordedEvent } from '../record/events.ts';
import type { Reason } from '../record/suspicion.ts';
import { errorInWords, statusInWords, type Tone } from './account-words.ts';
import { claimsOf, confirmations, type Claim } from './claims.ts';
import { partOf, subject, textOf } from './event-data.ts';
import {
  callbackWords,
  closeWords,
  failureWords,
  leftWords,
  ownWords,
  screenWords,
  webhookWords,
  type Words,
} from './event-words.ts';
import { reasonsInWords } from './suspicion-words.ts';
import type { Titles } from './titles.ts'; // prettier-ignore

export type Line = {
  /** When it happened, by the clock of who says it; ISO 8601. */
  at: string;
  icon: string;
  tone: Tone | undefined;
  title: string;
  detail: string | undefined;
  /** The name in Smile's or our own protocol. */
  name: string;
  /** Who says it, in words: for webhooks, that the signature was checked. */
  by: string;
  claims: Claim[];
};

/** The lines of `events`, in their order. */
export function timeline(events: RecordedEvent[], titles: Titles): Line[] {
  const confirmed = confirmations(events);
  return events.map((event) => {
    const { icon, title, tone, detail } = wordsOf(event, titles);
    const claims = claimsOf(event, confirmed);
    // Green is for what is known; a claim alone is not.
    const unproven = tone === 'ok' && claims.length > 0 && !claims.some((claim) => claim.tone === 'ok');
    const details = [detail, lateness(event)].filter((part) => part !== undefined);
    return {
      at: event.at,
      icon,
      tone: unproven ? undefined : tone,
      title,
      detail: details.length ? details.join('. ') : undefined,
      ...whoSays(event),
      claims,
    };
  });
}

type Told = Words & { detail?: string | undefined };

function wordsOf(event: RecordedEvent, titles: Titles): Told {
  if (event.source === 'widget') return callback(event);
  if (event.source === 'webhook') return webhook(event);
  return own(event, titles);
}

function callback({ name, data }: RecordedEvent): Told {
  const { providerId } = subject(data);
  if (name === 'onUIEvent') {
    const screen = textOf(data, 'eventName') ?? name;
    const detail = [providerId, subject(data).fileType].filter(Boolean).join(', ') || undefined;
    return { ...(screenWords.get(screen) ?? { icon: 'window', title: screen }), detail };
  }
  const words = callbackWords.get(name) ?? { icon: 'window', title: name };
  if (name === 'onAccountError') return { ...words, detail: joined(providerId, errorOf(data)) };
  if (name === 'onTokenExpired') return { ...words, detail: 'It can be opened again with a new link token' };
  if (name === 'onClose') {
    const reason = textOf(data, 'reason');
    return { ...words, detail: reason && (closeWords.get(reason) ?? reason) };
  }
  return { ...words, detail: providerId };
}

function webhook({ name, data }: RecordedEvent): Told {
  const words = webhookWords.get(name) ?? { icon: 'in', title: name };
  const inner = partOf(data, 'data');
  const { providerId } = subject(inner);
  if (textOf(inner, 'status') === 'FAILED') {
    return {
      icon: 'bad',
      tone: 'bad',
      title: 'Smile could not read the data',
      detail: joined(providerId, errorOf(inner)),
    };
  }
  return { ...words, detail: joined(providerId, errorOf(inner)) };
}

function own({ name, data }: RecordedEvent, titles: Titles): Told {
  const words = ownWords.get(name) ?? { icon: 'eye', title: name };
  const id = textOf(data, 'screen');
  const screen = id && `“${titles.screen(id)}”`;
  switch (name) {
    case 'screenSeen':
      return screen ? { ...words, title: `Saw ${screen}` } : words;
    case 'started': {
      const link = textOf(data, 'link');
      const native = partOf(data, 'native') === true ? 'Without JavaScript' : undefined;
      const detail = joined(languageName(textOf(data, 'language')), native, suspicionIn(data));
      return link ? { icon: 'link', title: `Came from the link ${link}`, detail } : { ...words, detail };
    }
    case 'answersSaved': {
      const fields = partOf(data, 'fields');
      const count = Array.isArray(fields) ? fields.length : undefined;
      const title = count === undefined ? words.title : count === 1 ? '1 answer saved' : `${count} answers saved`;
      return { ...words, title, detail: screen };
    }
    case 'linkTokenIssued':
      return { ...words, detail: 'The server gave it a link token' };
    case 'linkTokenFailed': {
      const reason = textOf(data, 'reason');
      return { ...words, detail: reason && (failureWords.get(reason) ?? reason) };
    }
    case 'screenLeft': {
      const state = textOf(data, 'state');
      return {
        ...words,
        title: screen ? `Left ${screen}` : words.title,
        detail: state && (leftWords.get(state) ?? state),
      };
    }
    case 'accountChecked':
      return { ...words, detail: checked(textOf(data, 'status')) };
    case 'submitted': {
      const ending = textOf(data, 'ending');
      return { ...words, detail: joined(ending && `Ended with “${titles.ending(ending)}”`, suspicionIn(data)) };
    }
    case 'emailSent':
    case 'emailFailed':
    case 'webhookSent':
    case 'webhookFailed':
      return { ...words, detail: joined(textOf(data, 'to'), textOf(data, 'said')) };
    case 'markedSpam':
    case 'markedNotSpam': {
      const member = textOf(data, 'email');
      return { ...words, detail: member && `By ${member}` };
    }
    default:
      return words;
  }
}

function suspicionIn(data: unknown): string | undefined {
  const reasons = partOf(data, 'suspicion');
  return Array.isArray(reasons) ? reasonsInWords(reasons as Reason[]) : undefined;
}

function whoSays({ name, source, data }: RecordedEvent): Pick<Line, 'name' | 'by'> {
  const screen = name === 'onUIEvent' ? textOf(data, 'eventName') : undefined;
  const says = { page: 'Told by the browser', widget: 'Told by the browser', webhook: 'Webhook of Smile, signature checked', server: 'Recorded by the server' }; // prettier-ignore
  return { name: screen ? `${name}, ${screen}` : name, by: says[source] };
}

/** A phone that was offline tells later; the server's clock against the teller's, so small differences mean nothing. */
function lateness({ at, receivedAt }: RecordedEvent): string | undefined {
  const seconds = (Date.parse(receivedAt) - Date.parse(at)) / 1000;
  return seconds < 60 ? undefined : `Reached the server ${inWords(seconds)} later`;
}

function inWords(seconds: number): string {
  const [amount, unit] =
    seconds < 5400
      ? [seconds / 60, 'minute']
      : seconds < 129_600
        ? [seconds / 3600, 'hour']
        : [seconds / 86_400, 'day'];
  const rounded = Math.round(amount as number);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}

function errorOf(data: unknown): string | undefined {
  const code = textOf(data, 'errorCode');
  return code && errorInWords(code);
}

function checked(status: string | undefined): string | undefined {
  if (status === undefined) return undefined;
  return status === 'unknown' ? 'Smile does not know it' : `Smile says: ${statusInWords(status).word.toLowerCase()}`;
}

const joined = (...parts: (string | undefined)[]): string | undefined => parts.filter(Boolean).join('. ') || undefined;

const languageName = (code: string | undefined): string | undefined => {
  if (code === undefined) return undefined;
  try {
    return `In ${new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code}`;
  } catch {
    return `In ${code}`;
  }
};
