/** Forms with limits, a clock that tests move, and people who fill them in. */
import type { TestSite } from '../site.ts';
import { begin, openSmallSite, send, type Draft, type ApiResponse } from './client.ts';

/** A clock that stands still until it is moved. */
export function clock(start: string) {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    to: (moment: string) => void (time = Date.parse(moment)),
    on: (seconds: number) => void (time += seconds * 1_000),
  };
}

/** One screen with an email address and a way to end early, under `more` keys of the form. */
export const limited = (more: string) => `
title: Fair ride
languages: [en, es]
${more}
screens:
  - id: only
    title: { en: Only, es: Único }
    fields:
      - { id: email, type: email, label: Email, required: true }
      - { id: works, type: yes_no, label: Works? }
    next:
      - { when: { works: false }, go: early }
      - { go: done }
endings:
  - { id: done, title: { en: Thanks, es: Gracias } }
  - { id: early, title: { en: Later, es: Luego }, outcome: disqualified }
`;

export const openLimited = (
  forms: Record<string, string>,
  now: () => Date,
  env: Record<string, string> = {},
): Promise<TestSite> => openSmallSite({ forms, now, env });

/** Begins and fills in; the draft can be submitted. */
export async function filled(site: TestSite, slug: string, email: string, more = {}): Promise<Draft> {
  const draft = await begin(site, slug);
  const said = await draft.put('only', { email, ...more });
  if (said.status !== 200) throw new Error(said.text);
  return draft;
}

export const startOf = (site: TestSite, slug: string, body: unknown = {}, headers = {}): Promise<ApiResponse> =>
  send(site, 'POST', `/api/forms/${slug}/submissions`, body, headers);

/** The form posted by a browser without JavaScript. */
export const post = (
  site: Pick<TestSite, 'origin'>,
  path: string,
  values: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<ApiResponse> =>
  send(site, 'POST', path, new URLSearchParams(values).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    origin: site.origin,
    accept: 'text/html',
    ...headers,
  });
