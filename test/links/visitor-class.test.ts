import { describe, expect, it } from 'vitest';
import { visitorClass, visitorDevice, refererHost, SIGNALS, type SignalHeader } from '../../src/links/visitor-class.ts';

const AGENTS = {
  chrome: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36', // prettier-ignore
  safari: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1', // prettier-ignore
  facebookApp: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.30.109;FBBV/1;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/18.0;FBSS/3;FBLC/en_US]', // prettier-ignore
  instagramApp: 'Mozilla/5.0 (Linux; Android 13; SM-A515F) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Instagram 300.0.0.29.110 Android', // prettier-ignore
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  ipad: 'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  tablet: 'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', // prettier-ignore
  curl: 'curl/8.9.1',
};

type Sent = Partial<Record<SignalHeader, string>>;

const PERSON: Sent = { 'user-agent': AGENTS.chrome, 'accept-language': 'en-PH,en;q=0.9', 'sec-fetch-mode': 'navigate' };

const visit = (change: Sent = {}, method = 'GET') => {
  const sent = { ...PERSON, ...change };
  return { method, header: (name: SignalHeader) => sent[name] };
};
const without = (name: SignalHeader) => visit({ [name]: undefined } as Sent);

describe('a visitor of a link', () => {
  it.each(['chrome', 'safari', 'facebookApp', 'instagramApp', 'firefox', 'edge', 'ipad', 'tablet'] as const)(
    'is a person in the browser %s',
    (name) => {
      expect(visitorClass(visit({ 'user-agent': AGENTS[name] }))).toBe('person');
      expect(visitorClass(visit({ 'user-agent': AGENTS[name], 'sec-fetch-mode': undefined } as Sent))).toBe('person');
    },
  );

  /** Each signal alone makes another visitor of the same person. */
  const ALONE: Record<keyof typeof SIGNALS, ReturnType<typeof visit>[]> = {
    'it is loaded before anyone chooses it': [
      visit({ purpose: 'prefetch' }),
      visit({ 'sec-purpose': 'prefetch;prerender' }),
      visit({ 'x-purpose': 'preview' }),
      visit({ 'x-moz': 'prefetch' }),
    ],
    'a network makes a card of the link': [
      'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 'WhatsApp/2.24.7.79 A', 'TelegramBot (like TwitterBot)',
      'Twitterbot/1.0', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 'LinkedInBot/1.0 (compatible; Mozilla/5.0)',
      'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)', 'SkypeUriPreview Preview/0.5',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
    ].map((agent) => visit({ 'user-agent': agent })), // prettier-ignore
    'the page is not asked for, only its headers': [visit({}, 'HEAD')],
    'the program has no name': [without('user-agent'), visit({ 'user-agent': '' })],
    'the program is known as a robot': [
      AGENTS.curl, 'python-requests/2.32.0', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      AGENTS.edge.replace('Chrome', 'HeadlessChrome'), 'x'.repeat(1_001),
    ].map((agent) => visit({ 'user-agent': agent })), // prettier-ignore
    'it has neither a language nor a mode, and a browser sends at least one': [
      visit({ 'accept-language': undefined, 'sec-fetch-mode': undefined } as Sent),
    ],
    'it is a picture or a script of a page': [
      visit({ 'sec-fetch-mode': 'no-cors' }),
      visit({ 'sec-fetch-mode': 'cors' }),
    ],
    'the browser has signed in to the dashboard': [
      visit({ cookie: 'flipsite_member=1' }),
      visit({ cookie: 'theme=dark; __Secure-flipsite_member=1' }),
    ],
  };

  it.each(Object.keys(SIGNALS))('is no person if %s', (name) => {
    const wanted = SIGNALS[name]?.class;
    expect(ALONE[name]?.map((one) => visitorClass(one))).toEqual(ALONE[name]?.map(() => wanted));
    // No other signal holds for any of them, so each is known by this one alone.
    const others = Object.entries(SIGNALS).filter(([other]) => other !== name);
    const known = ALONE[name]?.map((one) => others.filter(([, { holds }]) => holds(one)).map(([other]) => other));
    expect(known?.flat().filter((other) => name !== 'a network makes a card of the link' || other !== 'the program is known as a robot')) // prettier-ignore
      .toEqual(name === 'the program has no name' ? [] : []);
  });

  it('is a person without a language, as in a private browser, if the browser says that it opens a page', () => {
    expect(visitorClass(without('accept-language'))).toBe('person');
  });

  it('is no member because of a cookie that only looks like one', () => {
    expect(visitorClass(visit({ cookie: 'not_flipsite_member=1' }))).toBe('person');
  });

  it('has a device that its browser names', () => {
    const deviceIn = (name: keyof typeof AGENTS) => visitorDevice(visit({ 'user-agent': AGENTS[name] }));
    expect(['chrome', 'safari', 'facebookApp', 'instagramApp'].map((name) => deviceIn(name as 'chrome'))).toEqual(['phone', 'phone', 'phone', 'phone']); // prettier-ignore
    expect([deviceIn('ipad'), deviceIn('tablet')]).toEqual(['tablet', 'tablet']);
    expect([deviceIn('firefox'), deviceIn('edge'), deviceIn('curl')]).toEqual(['desktop', 'desktop', 'unknown']);
  });

  it('comes from one website, with any of its hosts', () => {
    const from = (referer: string) => refererHost(visit({ referer }), 'forms.acme.example');
    expect(from('https://l.facebook.com/l.php?u=x')).toBe('facebook.com');
    expect(from('https://www.acme.example/jobs')).toBe('acme.example');
    expect(from('android-app://com.google.android.gm/')).toBe('com.google.android.gm');
    expect(from('https://forms.acme.example/driver')).toBe('');
  });

  it('comes from nowhere if the header is forged to be anything else', () => {
    const forged = ['', 'facebook', 'javascript:alert(1)', 'data:text/html,x', `https://${'a'.repeat(90)}.example`, `https://a.example/${'x'.repeat(3_000)}`]; // prettier-ignore
    expect(forged.map((referer) => refererHost(visit({ referer }), undefined))).toEqual(forged.map(() => ''));
    expect(refererHost(visit({ referer: 'https://evil.example/<script>"\n' }), undefined)).toBe('evil.example');
  });
});
