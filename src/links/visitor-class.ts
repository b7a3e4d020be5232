/** Distinguishes people, robots, previews and members, by the headers of one request. It stores nothing about them. */
import { isbot } from 'isbot';
import type { DeviceClass, VisitorClass } from '../record/links/clicks.ts';
import { remembered } from '../site-limits/counting/remembered.ts';

/** The value of a header by its name in small letters; undefined where it was not sent. */
export type HeaderOf = (name: SignalHeader) => string | undefined;

export type SignalHeader = 'user-agent' | 'accept-language' | 'referer' | 'purpose' | 'sec-purpose' | 'x-purpose' | 'x-moz' | 'sec-fetch-mode' | 'sec-ch-ua-mobile' | 'cookie'; // prettier-ignore

export interface Visit {
  method: string | undefined;
  header: HeaderOf;
}

interface Signal {
  class: Exclude<VisitorClass, 'person' | 'repeat'>;
  holds(visit: Visit): boolean;
}

/** Programs of networks and messengers that fetch a page to show its card. A browser inside their apps has another name. */
const PREVIEW_AGENTS =
  /facebookexternalhit|facebookcatalog|facebot|meta-externalfetcher|whatsapp\/|telegrambot|twitterbot|slackbot|slack-imgproxy|discordbot|linkedinbot|skypeuripreview|microsoftpreview|pinterestbot|redditbot|viberbot|viber url preview|embedly|iframely|vkshare|snap url preview|google-pagerenderer|bitlybot|mastodon\/|bluesky cardyb|applebot|kakaotalk-scrap|line-poker|zaloscraper/i;

/** A request for a page, by a browser that names the kind of its request or does not. */
const PAGES = ['navigate', 'nested-navigate', undefined];

/** Most headers are not sent, and a pattern takes longer to find nothing in an empty text. */
const matches = (pattern: RegExp, text: string | undefined): boolean => text !== undefined && pattern.test(text);

const PREFETCH = /prefetch|prerender|preview/i;

/** The cookie of a browser that has signed in to the dashboard. */
export const MEMBER_COOKIE = 'flipsite_member';
const MEMBER = new RegExp(`(?:^|;\\s*)(?:__Host-|__Secure-)?${MEMBER_COOKIE}=`);

/**
 * The signs that a visitor is not a new person. The first one that applies decides. Each is enough by itself, and a
 * test tries each alone.
 */
export const SIGNALS: Record<string, Signal> = {
  'it is loaded before anyone chooses it': {
    class: 'preview',
    holds: ({ header }) =>
      (['purpose', 'sec-purpose', 'x-purpose', 'x-moz'] as const).some((name) => matches(PREFETCH, header(name))),
  },
  'a network makes a card of the link': {
    class: 'preview',
    holds: (visit) => programOf(visit).isPreview,
  },
  'the page is not asked for, only its headers': { class: 'robot', holds: ({ method }) => method === 'HEAD' },
  'the program has no name': { class: 'robot', holds: ({ header }) => !header('user-agent') },
  'the program is known as a robot': {
    class: 'robot',
    holds: (visit) => programOf(visit).isRobot,
  },
  // A person may send no language, for privacy or in the window of an app. Since 2023, every browser names the mode over https.
  'it has neither a language nor a mode, and a browser sends at least one': {
    class: 'robot',
    holds: ({ header }) => !header('accept-language') && !header('sec-fetch-mode'),
  },
  'it is a picture or a script of a page': {
    class: 'robot',
    holds: ({ header }) => !PAGES.includes(header('sec-fetch-mode')),
  },
  'the browser has signed in to the dashboard': {
    class: 'member',
    holds: ({ header }) => matches(MEMBER, header('cookie')),
  },
};

const signals = Object.values(SIGNALS);

/** The class of a visitor, apart from repeated visits. */
export const visitorClass = (visit: Visit): Exclude<VisitorClass, 'repeat'> =>
  signals.find(({ holds }) => holds(visit))?.class ?? 'person';

/** Browsers send up to 300 characters. The patterns take longer for more. */
const MAX_AGENT_CHARACTERS = 1_000;

interface Program {
  isPreview: boolean;
  isRobot: boolean;
  device: DeviceClass | 'android';
}

/**
 * Everything that the agent of a visitor shows. It remembers only the beginning, because the rest can have any length.
 */
function programOf({ header }: Pick<Visit, 'header'>): Program {
  const agent = header('user-agent') ?? '';
  return agent.length <= MAX_AGENT_CHARACTERS
    ? programWith(agent)
    : { ...programWith(agent.slice(0, MAX_AGENT_CHARACTERS)), isRobot: true };
}

/** The patterns are long, and most visitors have one of a few agents. */
const programWith = remembered((agent): Program => ({
  isPreview: PREVIEW_AGENTS.test(agent),
  isRobot: isbot(agent),
  device: deviceOf(agent),
}));

/** The kind of device that a browser says it runs on. */
export function visitorDevice(visit: Pick<Visit, 'header'>): DeviceClass {
  const { device } = programOf(visit);
  if (device !== 'tablet' && visit.header('sec-ch-ua-mobile') === '?1') return 'phone';
  // An Android without "Mobile" is a tablet (Chrome, User-Agent strings).
  return device === 'android' ? 'tablet' : device;
}

function deviceOf(agent: string): Program['device'] {
  if (/ipad|tablet|kindle|silk\/|playbook/i.test(agent)) return 'tablet';
  if (/mobi|iphone|ipod/i.test(agent)) return 'phone';
  if (/android/i.test(agent)) return 'android';
  return /windows|macintosh|x11|linux|cros/i.test(agent) ? 'desktop' : 'unknown';
}

const MAX_HOST_CHARACTERS = 80;

/**
 * The website that a visitor came from, such as `facebook.com`; empty if unknown. The mobile and the redirecting hosts
 * of a website count as the website.
 * @param own the host of this site, which does not count
 */
export function refererHost({ header }: Pick<Visit, 'header'>, own: string | undefined): string {
  const referer = header('referer');
  if (referer === undefined || referer.length > MAX_REFERER_CHARACTERS) return '';
  const { host, website } = websiteOf(referer);
  return host === own ? '' : website;
}

const MAX_REFERER_CHARACTERS = 2_000;

const websiteOf = remembered((referer) => {
  const url = URL.parse(referer);
  if (!url || !/^(https?|android-app):$/.test(url.protocol)) return { host: '', website: '' };
  const website = url.hostname.toLowerCase().replace(/^(www|m|l|lm|mobile)\.(?=[^.]+\.)/, '');
  return { host: url.host, website: website.length > MAX_HOST_CHARACTERS ? '' : website };
});
