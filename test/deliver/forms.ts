/** A form that notifies receivers of its submissions. */
import { openTestSite, type TestSite } from '../helpers/site.ts';

export const yamlOf = (notify: string): string => `
title: Become a driver
languages: [en, es]
brand: { name: Acme Rides, color: "#0b6e4f" }
${notify ? `notify:\n${notify}` : ''}
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: { en: Full name, es: Nombre }, required: true }
      - { id: sss, type: text, label: SSS number, sensitive: true }
      - { id: why, type: textarea, label: Why us? }
      - { id: status, type: radio, label: Working?, options: [{ value: employed, label: Employed }, { value: none, label: Not working }] }
    next:
      - { when: { status: none }, go: not_yet }
endings:
  - { id: done, title: Thank you }
  - { id: not_yet, title: Come back, outcome: disqualified }
`;

/** A form with a Wink screen that every journey passes. */
export const winkYaml = (notify: string): string => `
title: Link your work
notify:
${notify}
screens:
  - { id: connect, title: Connect, wink: { require: none } }
endings:
  - { id: done, title: Thank you }
`;

export type Answers = Record<string, unknown>;

export interface Begun {
  id: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export async function begin(origin: string, slug = 'driver', given: object = {}): Promise<Begun> {
  const start = await fetch(`${origin}/api/forms/${slug}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });
  if (!start.ok) throw new Error(`${slug} cannot be begun: ${await start.text()}`);
  const { id, token } = (await start.json()) as { id: string; token: string };
  return {
    id,
    async call<T>(method: string, path: string, body?: unknown) {
      const response = await fetch(`${origin}/api/submissions/${id}/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

/** Fills in and sends the form `driver`. @param more a screen after the first one that is left as it is */
export async function send(
  { origin }: Pick<TestSite, 'origin'>,
  answers: Answers,
  more?: string,
): Promise<Begun & { reference: string }> {
  const begun = await begin(origin);
  await begun.call('PUT', 'answers', { screen: 'about', answers });
  if (more) await begun.call('PUT', 'answers', { screen: more, answers: {} });
  const { reference } = await begun.call<{ reference: string }>('POST', 'submit', {});
  return { ...begun, reference };
}

export const openSiteThatTells = (
  notify: string,
  given: Omit<NonNullable<Parameters<typeof openTestSite>[0]>, 'forms'> = {},
): Promise<TestSite> =>
  openTestSite({ ...given, forms: { driver: yamlOf(notify) }, env: { RATE_LIMIT: 'off', ...given.env } });

/** Waits until `what` gives something. Nothing is measured: a test that waits in vain fails by its own timeout. */
export async function eventually<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((again) => setTimeout(again, 50));
  }
}
