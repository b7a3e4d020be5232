/** The language of a page and its messages: the one that the person chose, or the one of the browser. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browserLanguage } from '../../src/api/html/browser-language.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';

const FORM = `
title: { en: Two languages, es: Dos idiomas }
languages: [en, es]
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: email, type: email, label: { en: Email, es: Correo }, required: true }
endings:
  - { id: done, title: { en: Thank you, es: Gracias } }
`;

let site: TestSite;
beforeAll(async () => void (site = await openTestSite({ forms: { two: FORM } })));
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

it('answers in the language that the page was changed to on the way', async () => {
  const call = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${site.origin}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, never>;
  };
  const { id, token } = await call('POST', 'forms/two/submissions', { language: 'en' });
  const bearer = { authorization: `Bearer ${token}` };
  const save = (email: string, headers: Record<string, string>) =>
    call('PUT', `submissions/${id}/answers`, { screen: 'about', answers: { email } }, { ...bearer, ...headers });

  const english = { error: { fields: { email: 'Enter an email address, like name@example.com' } } };
  const spanish = { error: { fields: { email: 'Escribe un correo electrónico, como nombre@ejemplo.com' } } };
  expect(await save('ana', {})).toMatchObject(english);
  expect(await save('ana', { 'content-language': 'es' })).toMatchObject(spanish);
  expect(await save('ana', {})).toMatchObject(spanish);
  expect(await save('ana', { 'content-language': 'fr' })).toMatchObject(spanish);
  for (const method of ['GET', 'HEAD'])
    await fetch(`${site.origin}/api/submissions/${id}/answers`, { method, headers: { ...bearer, 'content-language': 'en' } }); // prettier-ignore
  expect(await save('ana', {})).toMatchObject(spanish);
  await save('ana@example.com', {});
  expect(await call('POST', `submissions/${id}/submit`, {}, bearer)).toMatchObject({ ending: { title: 'Gracias' } });
  expect(await call('POST', `submissions/${id}/submit`, {}, { ...bearer, 'content-language': 'en' })).toMatchObject({
    ending: { title: 'Gracias' },
  });
});

it('looks for the language of a browser in the first 1,000 characters, since a header may hold many more', () => {
  const after = (count: number) => browserLanguage(`${'a,'.repeat(count)}es`, ['en', 'es']);
  expect([after(400), after(500)]).toEqual(['es', undefined]);
});
