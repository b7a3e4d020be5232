/** Describes one event: its title, and a detail from its data. */
import { formatCount } from '../../../form/format-count.ts';
import { kindOf } from '../../../linked/document-words.ts';
import { capitalize } from '../../../form/capitalize.ts';
import { titleOf } from '../../../linked/words.ts';
import { FOUND_BY_ASKING, OFF_PATH, RECEIVER_MESSAGE, type RecordedEvent } from '../../../record/events.ts';
import type { SuspicionReason } from '../../../record/submissions/suspicion.ts';
import { SITE_LIMITS } from '../../../site-limits/site-limits.ts';
import { accountErrorInWords, statusInWords } from '../../display/account-words.ts';
import { documentError, documentState } from '../documents.ts';
import { payloadValue, eventSubject, payloadText } from './event-payload.ts';
import {
  callbackWords,
  closeWords,
  blockedWords,
  failureWords,
  leftWords,
  ownWords,
  screenWords,
  webhookWords,
  type EventLabel,
} from './event-labels.ts';
import { reasonsInWords } from '../suspicion-words.ts';
import type { Titles } from '../../display/titles.ts';

type Description = EventLabel & { detail?: string | undefined };

/** The names of a page's own events. A page can send any name, also one of the server's events. */
const PAGE_EVENTS = ['screenSeen', 'widgetBlocked', 'linkFollowed'];

/**
 * @param who the provider and the account of the event, such as "Grab, account 2"; empty for an event without one
 * @param back whether the event came after a long pause
 */
export function describeEvent(event: RecordedEvent, titles: Titles, who: string, back: boolean): Description {
  if (event.source === 'widget') return callback(event, who);
  if (event.source === 'webhook') return webhook(event, who);
  if (event.source === 'page' && !PAGE_EVENTS.includes(event.name)) return { icon: 'eye', title: event.name };
  return own(event, titles, who, back);
}

function callback({ name, data }: RecordedEvent, who: string): Description {
  if (name === 'onUIEvent') {
    const screen = payloadText(data, 'eventName') ?? name;
    const detail = [who, eventSubject(data).fileType].filter(Boolean).join(', ') || undefined;
    return { ...(screenWords.get(screen) ?? { icon: 'window', title: screen }), detail };
  }
  const words = callbackWords.get(name) ?? { icon: 'window', title: name };
  if (name === 'onAccountError') return { ...words, detail: joined(who, errorOf(data)) };
  if (name === 'onTokenExpired') return { ...words, detail: 'The person can open it again' };
  if (name === 'onClose') {
    const reason = payloadText(data, 'reason');
    return { ...words, detail: reason && (closeWords.get(reason) ?? reason) };
  }
  return { ...words, detail: who };
}

function webhook({ name, data }: RecordedEvent, who: string): Description {
  const words = webhookWords.get(name) ?? { icon: 'in', title: name };
  const inner = payloadValue(data, 'data');
  if (payloadText(inner, 'status') === 'FAILED') {
    return {
      icon: 'bad',
      tone: 'bad',
      title: 'Smile could not read the data',
      detail: joined(who, errorOf(inner)),
    };
  }
  if (name === 'ARCHIVE_FAILED') return { ...words, detail: documentError(payloadText(inner, 'errorCode') ?? '') };
  return { ...words, detail: joined(who, errorOf(inner)) };
}

function own({ name, data }: RecordedEvent, titles: Titles, who: string, back: boolean): Description {
  const words = ownWords.get(name) ?? { icon: 'eye', title: name };
  const id = payloadText(data, 'screen');
  const screen = id && `“${titles.screen(id)}”`;
  switch (name) {
    case 'screenSeen':
      return screen ? { ...words, title: `${back ? 'Came back to' : 'Saw'} ${screen}` } : words;
    case 'started': {
      const link = payloadText(data, 'link');
      const native = payloadValue(data, 'native') === true ? 'Without JavaScript' : undefined;
      const detail = joined(languageName(payloadText(data, 'language')), native, suspicionIn(data));
      return link ? { icon: 'link', title: `Came from the link ${titles.link(link)}`, detail } : { ...words, detail };
    }
    case 'linkFollowed': {
      const link = payloadText(data, 'link');
      return { ...words, detail: link && titles.link(link) };
    }
    case 'answersSaved': {
      const fields = payloadValue(data, 'fields');
      const count = Array.isArray(fields) ? fields.length : undefined;
      const title = count === 1 ? '1 answer saved' : count === 0 ? 'Left empty' : `${count} answers saved`;
      return { ...words, ...(count !== undefined && { title }), detail: screen };
    }
    case 'linkTokenIssued':
      return { ...words, detail: 'It got a link token from the server' };
    case 'uploadsChecked':
      if (isOffPath(data)) return { ...words, title: 'Documents taken back', detail: OFF_PATH_SENTENCE };
      return {
        ...words,
        detail: joined(documentsIn(data), payloadValue(data, FOUND_BY_ASKING) === true ? FOUND_SENTENCE : undefined),
      };
    case 'smileUserFound':
      return { ...words, detail: 'The earlier attempt created it. Flipsite uses it from now on' };
    case 'smileUserNotFound':
      return { ...words, detail: 'Flipsite creates another one. If the first one exists, it stays unused' };
    case 'smileUserUncertain':
    case 'linkTokenFailed': {
      const reason = payloadText(data, 'reason');
      return { ...words, detail: reason && (failureWords.get(reason) ?? reason) };
    }
    case 'screenLeft': {
      const state = payloadText(data, 'state');
      return {
        ...words,
        title: screen ? `Left ${screen}` : words.title,
        detail: state && (leftWords.get(state) ?? state),
      };
    }
    case 'widgetBlocked': {
      const why = payloadText(data, 'why');
      return { ...words, detail: why && blockedWords.get(why) };
    }
    case 'accountDisconnected':
      return {
        ...words,
        detail: joined(who, isOffPath(data) ? OFF_PATH_SENTENCE : 'By the person, on the form’s page'),
      };
    case 'accountDisconnectFailed': {
      const reason = payloadText(data, 'reason');
      return { ...words, detail: joined(who, reason && (failureWords.get(reason) ?? reason)) };
    }
    case 'accountChecked':
      return { ...words, detail: joined(who, checked(data)) };
    case 'claimDisbelieved':
      return { ...words, detail: joined(who, 'Flipsite ignores it') };
    case 'linkedRead':
      return { ...words, detail: joined(who, pointsIn(data)) };
    case 'linkedRemoved':
      return { ...words, detail: joined(who, 'The account was disconnected') };
    case 'smileEventsFull':
      return {
        ...words,
        detail: `Smile sent more than ${formatCount(SITE_LIMITS.smileEvents.value, 'event')} or ${SITE_LIMITS.smileEventBytes.value / 1_048_576} MB. Flipsite still follows the accounts, but later events may not be listed`,
      };
    case 'accountRevoked':
      return { ...words, detail: joined(who, 'After reading it, as the form says') };
    case 'submitted': {
      const ending = payloadText(data, 'ending');
      return { ...words, detail: joined(ending && `Ended with “${titles.ending(ending)}”`, suspicionIn(data)) };
    }
    case 'emailSent':
    case 'emailFailed':
    case 'webhookSent':
    case 'webhookFailed':
      return { ...words, detail: joined(payloadText(data, 'to'), payloadText(data, RECEIVER_MESSAGE)) };
    case 'markedSpam':
    case 'markedNotSpam':
    case 'sensitiveShown':
    case 'personDownloaded':
    case 'sensitiveDownloaded':
    case 'sensitiveFileOpened':
    case 'sensitiveSent':
    case 'sentElsewhere': {
      const member = payloadText(data, 'email');
      const fields = payloadValue(data, 'fields');
      const which = Array.isArray(fields) ? fields.map((id) => `“${titles.field(String(id))}”`).join(', ') : undefined;
      // Not the name of a private file: the timeline is for members who may not see private answers, too.
      return { ...words, detail: joined(which, payloadText(data, 'to'), member && `By ${member}`) };
    }
    case 'erased': {
      const by = payloadText(data, 'by');
      return { ...words, detail: by ? `On request, by ${by}` : 'Its retention time has ended' };
    }
    default:
      return words;
  }
}

function suspicionIn(data: unknown): string | undefined {
  const reasons = payloadValue(data, 'suspicion');
  return Array.isArray(reasons) ? reasonsInWords(reasons as SuspicionReason[]) : undefined;
}

function errorOf(data: unknown): string | undefined {
  const code = payloadText(data, 'errorCode');
  return code && accountErrorInWords(code);
}

const FOUND_SENTENCE = 'Neither the browser nor a webhook reported it';

const isOffPath = (data: unknown): boolean => payloadText(data, 'reason') === OFF_PATH;

const OFF_PATH_SENTENCE = 'By Flipsite when the form was sent: the answers no longer led to this screen';

/** "Payslip: read. Payslip: taken back". */
function documentsIn(data: unknown): string {
  const uploads = payloadValue(data, 'uploads');
  const all = (Array.isArray(uploads) ? uploads : []).map((one: unknown) => {
    const errorCode = payloadText(one, 'errorCode');
    return `${kindOf(payloadText(one, 'type'))}: ${documentState(payloadText(one, 'status') ?? '').word.toLowerCase()}${errorCode ? `. ${documentError(errorCode)}` : ''}`;
  });
  return all.length ? all.join('. ') : 'Smile has no documents';
}

function checked(data: unknown): string | undefined {
  const status = payloadText(data, 'status');
  if (status === undefined) return undefined;
  if (status === 'unknown') return 'Smile does not know it';
  const found = payloadValue(data, FOUND_BY_ASKING) === true ? FOUND_SENTENCE : undefined;
  return joined(`Smile says: ${statusInWords(status).word.toLowerCase()}`, errorOf(data), found);
}

/** "identity (1), transactions (26)". */
function pointsIn(data: unknown): string | undefined {
  const points = payloadValue(data, 'points');
  if (typeof points !== 'object' || points === null) return undefined;
  const kept = payloadValue(data, 'kept');
  const isKept = (name: string) => Array.isArray(kept) && kept.includes(name);
  const [gone, read] = [true, false].map((one) => Object.entries(points).filter(([name]) => isKept(name) === one));
  const text = read?.map(([name, count]) => `${titleOf(name).toLowerCase()} (${String(count)})`).join(', ');
  const names = gone?.map(([name]) => titleOf(name).toLowerCase()).join(', ');
  return joined(text && capitalize(text), names && `Smile has no newer data, and the saved data stays: ${names}`);
}

/** Joins sentences. Undefined without any. */
export const joined = (...parts: (string | undefined)[]): string | undefined =>
  parts.filter(Boolean).join('. ') || undefined;

const languageName = (code: string | undefined): string | undefined => {
  if (code === undefined) return undefined;
  try {
    return `In ${new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code}`;
  } catch {
    return `In ${code}`;
  }
};
