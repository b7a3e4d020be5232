/** The server walks the journey itself: a browser's claims about its screen, its fields or its ending prove nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSite } from '../helpers/site.ts';
import { ABOUT, begin, beforeConnect, eventually, expectRefusal, controlSmile, openSmallSite, quick, send, stored } from '../helpers/api/client.ts'; // prettier-ignore

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
  await quick(site);
});
afterAll(() => site.close());

const rowOf = async (id: string) => {
  const row = await site.db.query.selectFrom('submissions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  return { ...row, answers: JSON.parse(row.answers) as Record<string, unknown> };
};

describe('going through the screens', () => {
  it('refuses to skip, and names the screen of the person', async () => {
    const draft = await begin(site);
    for (const [screen, answers] of [
      ['money', { wage: 1 }],
      ['connect', {}],
      ['upload', { why: 'x' }],
    ] as const) {
      const said = await draft.put(screen, answers);
      expectRefusal(said, 409, 'not_on_journey');
      expect(said.body.error.next).toEqual({ screen: 'about' });
    }
    expect((await rowOf(draft.id)).answers).toEqual({});
  });

  it('refuses to submit before the end, naming the screen and the fields', async () => {
    const draft = await begin(site);
    const before = await stored(site);
    const said = await draft.post('submit');
    expectRefusal(said, 422, 'incomplete');
    expect(said.body.error).toMatchObject({ screen: 'about', fields: { full_name: expect.any(String), status: expect.any(String) } }); // prettier-ignore
    expect(await stored(site)).toEqual(before);
  });

  it('refuses to submit answers that another device has changed, until they are read', async () => {
    const draft = await begin(site);
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    await draft.put('about', { full_name: 'Berta', status: 'none' });
    const said = await draft.post('submit', { revision: 2 });
    expectRefusal(said, 409, 'answers_changed');
    expect(said.body.error.message).toBe('These answers have changed. Look at them again, then send.');
    const { revision } = (await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, draft.headers))
      .body;
    expect(revision).toBe(3);
    expect((await draft.post('submit', { revision })).status).toBe(200);
    // Submitting again has no effect.
    expect((await draft.post('submit', { revision })).status).toBe(200);
  });

  it('tells a device whose answers another one has changed and submitted that they were not sent', async () => {
    const draft = await begin(site);
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    await draft.put('about', { full_name: 'Berta', status: 'none' });
    const sent = await draft.post('submit', { revision: 3 });
    const said = await draft.post('submit', { revision: 2 });
    expectRefusal(said, 409, 'already_submitted');
    expect(said.body.error).toMatchObject({
      message: 'This submission was submitted before with other answers, which another device has saved.',
      reference: sent.body.reference,
      submittedAt: sent.body.submittedAt,
    });
    // A client that names no revision, and the one whose answers were sent, get the ending.
    for (const again of [{}, { revision: 3 }]) {
      const repeated = await draft.post('submit', again);
      expect([repeated.status, repeated.body]).toEqual([200, sent.body]);
    }
  });

  it('stores no answer to a field that is hidden', async () => {
    const draft = await begin(site);
    const said = await draft.put('about', { full_name: 'Ana', status: 'none', employer: 'Acme' });
    expect(said.body).toMatchObject({ next: { ending: 'not_yet' } });
    expect((await rowOf(draft.id)).answers).toEqual({ full_name: 'Ana', status: 'none' });
  });

  it('drops an answer whose field has been hidden since', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    await draft.post('submit');
    const { answers, ending, outcome } = await rowOf(draft.id);
    expect([answers, ending, outcome]).toEqual([{ full_name: 'Ana', status: 'none' }, 'not_yet', 'disqualified']);
  });

  it('keeps answers of a branch that was left until the person comes back to it', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    await draft.put('money', { wage: 9 });
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    const elsewhere = await draft.put('money', { wage: 1 });
    expectRefusal(elsewhere, 409, 'not_on_journey');
    expect(elsewhere.body.error.message).toBe('An earlier answer is missing or was changed. Check your answers.');
    await draft.put('about', ABOUT);
    expect((await rowOf(draft.id)).answers).toMatchObject({ wage: 9 });
    const said = await draft.post('submit');
    expect(said.body.error).toMatchObject({ code: 'incomplete', screen: 'connect' });
  });

  it('submits only the answers on the way that was taken', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    await draft.put('money', { wage: 9, kinds: ['a'] });
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    expect((await draft.post('submit')).body.ending.id).toBe('not_yet');
    expect((await rowOf(draft.id)).answers).toEqual({ full_name: 'Ana', status: 'none' });
  });

  it('clears an answer that is no longer given', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    await draft.put('money', { wage: 9, kinds: ['a'] });
    await draft.put('money', { wage: 9, kinds: null });
    expect((await rowOf(draft.id)).answers).toEqual({ ...ABOUT, wage: 9 });
  });

  it('gives back texts as they were written: only the page escapes them', async () => {
    const draft = await begin(site, 'plain');
    const full_name = `<script>alert(1)</script> "x" 'y' {reference} &amp; %s \${1}`;
    await draft.put('only', { full_name });
    expect((await draft.post('submit')).body.ending.title).toBe(`Thank you, ${full_name}`);
  });
});

describe('a sentence from right to left', () => {
  it('has each answer in its own direction, so that a number keeps the order of its groups', async () => {
    const forms = {
      call: `title: أ
languages: [ar]
screens: [{ id: a, title: أ, fields: [{ id: sss, type: text, label: أ }] }]
endings: [{ id: z, title: 'رقمك {sss}', text: 'رقم {reference}', redirect: 'https://acme.example/{sss}' }]
`,
    };
    const other = await openSmallSite({ forms });
    const draft = await begin(other, 'call');
    await draft.put('a', { sss: '34-1234567-8' });
    const { ending, reference } = (await draft.post('submit')).body;
    await other.close();
    expect(ending).toMatchObject({ title: 'رقمك \u206834-1234567-8\u2069', text: `رقم \u2068${reference}\u2069` });
    expect(ending.redirect).toBe('https://acme.example/34-1234567-8');
  });
});

describe('leaving a Wink screen', () => {
  it('is refused while nothing is linked, and submitting too', async () => {
    const draft = await beforeConnect(site);
    const said = await draft.put('connect', {});
    expectRefusal(said, 422, 'wink_required');
    expectRefusal(await draft.post('submit'), 422, 'incomplete');
    expectRefusal(await draft.put('connect', { connect: 'connected' }), 422, 'invalid_answers');
    expectRefusal(await draft.put('upload', { why: 'x' }), 409, 'not_on_journey');
  });

  it.each<[string, Record<string, unknown>]>([
    ['closed the widget', { reason: 'exit' }],
    ['closed it after another screen', { reason: 'error', screen: 'about' }],
  ])('by the way for failures is refused after only %s', async (_kind, data) => {
    const draft = await beforeConnect(site);
    await draft.post('link-token', { screen: 'connect' });
    await draft.tell('onClose', { screen: 'connect', ...data });
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
  });

  it.each(['linkTokenFailed', 'accountChecked', 'ACCOUNT_CONNECTED', 'ACCOUNT_FAILED', 'screenLeft', 'submitted'])(
    'does not accept a report of the page about %s, which only the server or Smile can make',
    async (name) => {
      const draft = await beforeConnect(site);
      const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
      const data = { screen: 'connect', state: 'connected', status: 'CONNECTED', accountId: 'a-1', userId, providerId: 'upwork', providers: ['upwork'] }; // prettier-ignore
      await draft.tell(name, data);
      expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    },
  );

  it('goes by the way for failures after the widget has reported one', async () => {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    await controlSmile(site, 'POST', '/accounts', {
      userId,
      providerId: 'grab',
      userName: 'George',
      password: 'wrong',
    });
    await draft.tell('onClose', { screen: 'connect', reason: 'error' });
    const said = await draft.put('connect', {});
    expect(said.body).toMatchObject({ next: { screen: 'upload' }, state: 'failed' });
    await draft.put('upload', { why: 'it did not work' });
    expect((await draft.post('submit')).status).toBe(200);
  });

  it('ends a failure with a later success', async () => {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const sign = (password: string) =>
      controlSmile(site, 'POST', '/accounts', { userId, providerId: 'grab', userName: 'George', password });
    await sign('wrong');
    await draft.tell('onClose', { screen: 'connect', reason: 'error' });
    await sign('123456');
    await eventually(async () => (await draft.put('connect', {})).body.state === 'connected');
    expect((await draft.post('submit')).body.ending.id).toBe('done');
  });
});

describe('where Smile is asked first', () => {
  const slow = { path: '/v1/accounts', hangMs: 1_000, times: 1 };
  const settings = (change: object) => controlSmile(site, 'PATCH', '/settings', change);
  const asked = () => settings({}).then(({ body: { fault } }) => fault === null);

  /** Connected, and with a second account that is only claimed: that makes the server ask Smile, which takes its time. */
  async function claiming() {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const { body } = await controlSmile(site, 'POST', '/accounts', { userId, providerId: 'grab', userName: 'George', password: '123456' }); // prettier-ignore
    await eventually(async () => (await draft.put('connect', {})).status === 200);
    const claim = () => draft.tell('onAccountConnected', { accountId: `${body.accountId}x`, userId, providerId: '199jobs', screen: 'connect' }); // prettier-ignore
    return { draft, claim };
  }

  it('keeps a save that was acknowledged meanwhile', async () => {
    const { draft, claim } = await claiming();
    await claim();
    await settings({ fault: slow });
    const submitting = draft.post('submit');
    await eventually(asked);
    const save = await draft.put('about', { ...ABOUT, full_name: 'Acknowledged' });
    expect((await submitting).status).toBe(200);
    if (save.status === 200) expect((await rowOf(draft.id)).answers).toMatchObject({ full_name: 'Acknowledged' });
    else expectRefusal(save, 409, 'already_submitted');
  });

  it('keeps the language that the person has chosen meanwhile', async () => {
    const { draft, claim } = await claiming();
    await claim();
    await settings({ fault: slow });
    const leaving = draft.put('connect', {}, { 'content-language': 'es' });
    await eventually(asked);
    expect((await rowOf(draft.id)).language).toBe('es');
    expect((await draft.put('about', ABOUT, { 'content-language': 'en' })).status).toBe(200);
    expect((await leaving).status).toBe(200);
    expect((await rowOf(draft.id)).language).toBe('en');
  });

  it('asks no more for a save that is repeated under its key, or comes after the form was sent', async () => {
    const { draft, claim } = await claiming();
    const key = { 'idempotency-key': 'leaving-1' };
    const first = await draft.put('connect', {}, key);
    await claim();
    await settings({ fault: slow });
    expect(await draft.put('connect', {}, key)).toMatchObject({ status: 200, text: first.text });
    expect(await asked()).toBe(false);
    expect((await draft.post('submit')).status).toBe(200);
    expect(await asked()).toBe(true);
    await settings({ fault: slow });
    expectRefusal(await draft.put('connect', {}), 409, 'already_submitted');
    expect((await draft.put('connect', {}, key)).text).toBe(first.text);
    expect(await asked()).toBe(false);
    await settings({ fault: null });
  });
});
