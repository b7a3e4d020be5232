/** Pages that say why there is no form at an address. */
import { expect, it } from 'vitest';
import { respondentErrorPage } from '../../src/api/html/message-pages.ts';
import type { PageRenderer } from '../../src/publish/rendering/page-renderer.ts';
import type { View } from '../../src/publish/rendering/views.ts';
import { openSmallSite, PLAIN, send } from '../helpers/api/client.ts';

it('an address in capitals leads to that of the form or of the link in small letters', async () => {
  const site = await openSmallSite({ forms: { ride: PLAIN } });
  const leadsTo = async (path: string) => {
    const { status, headers } = await send(site, 'GET', path);
    return [status, headers.get('location')];
  };
  expect(await leadsTo('/RIDE')).toEqual([302, '/ride']);
  expect(await leadsTo('/Ride/EN?name=Ana')).toEqual([302, '/ride/en?name=Ana']);
  expect(await leadsTo('/GO/Fair?utm_source=Poster')).toEqual([302, '/go/fair?utm_source=Poster']);
  for (const path of ['/Walk', '//Ride', '/Api/forms', '/go/Fair', '/ride/%0D%0AX:%20y'])
    expect((await leadsTo(path))[0]).toBe(404);
  await site.close();
});

it.each([
  [60, 'Too many people are starting this form right now. Wait a minute, then reload this page.'],
  [100, 'Too many attempts. Wait 15 minutes, and try again.'],
  [3_500, 'Too many attempts. Wait 60 minutes, and try again.'],
  [80_000, 'Too many attempts. Wait 23 hours, and try again.'],
])('a page for a browser says how long to wait: %i seconds', async (retryAfter, sentence) => {
  const shown: View[] = [];
  const shared = async (view: View) => (shown.push(view), { plain: Buffer.from(''), status: 429, headers: {} });
  const renderer = { shared, renderUncached: shared } as unknown as PageRenderer;
  const refusal = { code: 'rate_limited', message: '', retryAfter } as const;
  const { headers } = await respondentErrorPage({ catalog: { current: () => undefined } as never }, renderer, { method: 'POST', path: '/plain' }, refusal); // prettier-ignore
  expect(shown[0]).toMatchObject({
    title: 'This could not be sent',
    text: expect.stringContaining(sentence) as string,
  });
  expect(headers).toMatchObject({ 'retry-after': String(retryAfter) });
});

it('a page that a browser only asked for does not say that something was not sent', async () => {
  const shown: View[] = [];
  const shared = async (view: View) => (shown.push(view), { plain: Buffer.from(''), status: 429, headers: {} });
  const renderer = { shared } as unknown as PageRenderer;
  const refusal = { code: 'rate_limited', message: '', retryAfter: 60 } as const;
  const services = { catalog: { current: () => undefined } } as never;
  for (const method of ['GET', 'HEAD'])
    await respondentErrorPage(services, renderer, { method, path: '/plain' }, refusal);
  expect(shown.map((view) => 'title' in view && view.title)).toEqual(['Something went wrong', 'Something went wrong']);
});

it('a form whose body came too slowly can be sent again by a reload', async () => {
  const shown: View[] = [];
  const shared = async (view: View) => (shown.push(view), { plain: Buffer.from(''), status: 408, headers: {} });
  const services = { catalog: { current: () => undefined } } as never;
  await respondentErrorPage(services, { shared } as unknown as PageRenderer, { method: 'POST', path: '/plain' }, { code: 'too_slow', message: '' }); // prettier-ignore
  expect(shown[0]).toMatchObject({
    text: expect.stringContaining('If you were sending answers, your browser sends them again.') as string,
  });
});
