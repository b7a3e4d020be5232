import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inviteTemplate } from './invite-template.ts';
import { type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
let templateId: string;

beforeAll(async () => {
  smile = await startSmile();
});
afterAll(() => smile.stop());
beforeEach(async () => {
  await smile.call('POST', '/__local/reset');
  templateId = (await smile.call('POST', '/v1/inviteTemplates', inviteTemplate)).body.data.id;
});

const get = async (path: string) => (await smile.call('GET', path)).body;
const invite = async (more: object = {}) => {
  const invitee = { fullName: 'Ana <b>Luz</b>', email: 'ana@acme.example', templateId, ...more };
  return (await smile.call('POST', '/v1/invites', invitee)).body.data;
};

describe('an invite', () => {
  it('is sent by email with its texts filled in, and has a user', async () => {
    const { id, userId, status, linkedAt, inviteLandingPageUrl } = await invite();
    expect([status, linkedAt]).toEqual(['INVITED', null]);
    expect((await get(`/v1/users/${userId}`)).data.id).toBe(userId);
    const [mail] = (await get('/__local/outbox')).items;
    expect(mail).toMatchObject({
      inviteId: id,
      from: 'XYZ Bank',
      replyTo: 'replies@xyz.example',
      to: 'ana@acme.example',
      subject: 'Ana <b>Luz</b>, connect your account to XYZ Bank',
      text: `Dear Ana <b>Luz</b>, it takes a minute. \${whatever}\n\n${inviteLandingPageUrl}\n`,
    });
    const letter = await fetch(`${smile.origin}/__local/outbox/${mail.id}`, { headers: { accept: 'text/html' } });
    expect(await letter.text()).toContain('Ana &lt;b&gt;Luz&lt;/b&gt;');
    expect((await get(`/v1/invites/${id}`)).data.status).toBe('EMAIL_OPENED');
  });

  it('has a landing page that only its whole address opens, for 14 days', async () => {
    const { id, inviteLandingPageUrl } = await invite({ firstName: 'Ana' });
    expect((await fetch(`${inviteLandingPageUrl}x`)).status).toBe(404);
    expect((await get(`/v1/invites/${id}`)).data.status).toBe('INVITED');
    await smile.call('PATCH', '/__local/settings', { clockSkewSeconds: 15 * 86_400 });
    const late = await fetch(inviteLandingPageUrl);
    expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('has expired')]);
    expect((await get(`/v1/invites/${id}`)).data.status).toBe('INVITED');
    await smile.call('PATCH', '/__local/settings', { clockSkewSeconds: 13 * 86_400 });
    expect((await fetch(inviteLandingPageUrl)).status).toBe(200);
    expect((await get(`/v1/invites/${id}`)).data.status).toBe('LANDING_PAGE_OPENED');
  });

  it('never goes back, but to revoked and from there to linked again', async () => {
    const { id, userId, inviteLandingPageUrl } = await invite();
    const link = async () => {
      const login = { userId, providerId: 'grab', userName: 'George', password: '123456' };
      const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
      await smile.accountWhen(accountId, 'CONNECTED');
      return accountId as string;
    };
    await smile.call('DELETE', `/v1/accounts/${await link()}`);
    await fetch(inviteLandingPageUrl);
    await link();
    const logs = (await get(`/v1/invites/${id}/logs`)).data.items;
    expect(logs.map((log: { inviteStatus: string }) => log.inviteStatus)).toEqual([
      'LINKED',
      'REVOKED',
      'LINKED',
      'INVITED',
    ]);
  });

  it('keeps the texts it was sent with when its template is changed or deleted', async () => {
    const { inviteLandingPageUrl } = await invite();
    const changed = { ...inviteTemplate, landingPage: { ...inviteTemplate.landingPage, header: 'Other' } };
    await smile.call('PUT', `/v1/inviteTemplates/${templateId}`, changed);
    await smile.call('DELETE', `/v1/inviteTemplates/${templateId}`);
    expect(await (await fetch(inviteLandingPageUrl)).text()).toContain('Share your income with XYZ Bank');
  });
});

describe('an invite template', () => {
  it.each([
    ['without a name', { name: '' }],
    ['that sends no mail', { email: { ...inviteTemplate.email, sendEmail: false } }],
    ['without a logo', { company: { name: 'XYZ' } }],
    ['with a long text', { landingPage: { ...inviteTemplate.landingPage, description: 'x'.repeat(5001) } }],
  ])('is refused %s', async (_what, change) => {
    expect((await smile.call('POST', '/v1/inviteTemplates', { ...inviteTemplate, ...change })).status).toBe(400);
    expect(
      (await smile.call('PUT', `/v1/inviteTemplates/${templateId}`, { ...inviteTemplate, ...change })).status,
    ).toBe(400);
  });
});
