import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSigned, startReceiver, type Receiver } from './receiver.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

const SECRET = 'another secret';
let smile: RunningSmile;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  smile = await startSmile();
  smile.smile.registerWebhook({ url: receiver.url, secret: SECRET });
});
afterEach(async () => {
  await smile.stop();
  await receiver.stop();
});

describe('delivery', () => {
  it('tries twice more with the same body after a failure, and not a third time', async () => {
    receiver.answerWith(500, 301, 404);
    await smile.newUser();
    await eventually(() => receiver.received[2]);
    await smile.newUser();
    const bodies = await eventually(() => (receiver.received.length >= 4 ? receiver.received : undefined));
    const ids = bodies.map(({ event }) => event.id);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
    expect(bodies.every((one) => isSigned(one, SECRET))).toBe(true);
  });

  it('signs the exact bytes', async () => {
    await smile.newUser();
    const { headers, raw } = await eventually(() => receiver.received[0]);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['smile-signature']).toMatch(/^[0-9a-f]{128}$/);
    const flipped = Buffer.from(raw);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    expect(isSigned({ headers, raw }, SECRET)).toBe(true);
    expect(isSigned({ headers, raw: flipped }, SECRET)).toBe(false);
  });

  it('goes on with the next event while a failed one waits for its retry', async () => {
    await smile.call('PATCH', '/__local/settings', { webhookRetryMs: 60_000 });
    receiver.answerWith(500);
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'Ryan', password: '654321' };
    await smile.call('POST', '/__local/accounts', login);
    await receiver.event('TASK_FINISHED');
    expect(receiver.types().slice(0, 2)).toEqual(['USER_CREATED', 'ACCOUNT_CREATED']);
  });

  it('sends a webhook only its own event types, and nothing while it is not active', async () => {
    const other = await startReceiver();
    const hook = { name: 'Other', url: other.url, eventTypes: ['ACCOUNT_CREATED'], secret: 's' };
    await smile.call('POST', '/v1/webhooks', { ...hook, active: true });
    await smile.call('POST', '/v1/webhooks', { ...hook, eventTypes: ['ALL_EVENTS'], active: false });
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'Ryan', password: '654321' };
    await smile.call('POST', '/__local/accounts', login);
    await receiver.event('TASK_FINISHED');
    expect(other.types()).toEqual(['ACCOUNT_CREATED']);
    await other.stop();
  });

  it('can be made to repeat and shuffle itself', async () => {
    await smile.call('PATCH', '/__local/settings', { webhookShuffle: true });
    const { userId } = await smile.newUser();
    const created = await eventually(() => (receiver.received.length === 2 ? receiver.received : undefined));
    expect(created.map(({ event }) => event.data.userId)).toEqual([userId, userId]);
    expect(created[0]?.event.id).toBe(created[1]?.event.id);
  });

  it('without a receiver harms nothing', async () => {
    await smile.call('POST', '/v1/webhooks', {
      name: 'Gone',
      url: 'http://127.0.0.1:9/hook',
      eventTypes: ['ALL_EVENTS'],
      active: true,
      secret: 's',
    });
    await smile.newUser();
    await receiver.event('USER_CREATED');
  });

  it('is waited for on close', async () => {
    await smile.newUser();
    await smile.smile.close();
    expect(receiver.types()).toEqual(['USER_CREATED']);
  });
});

describe('delivery with faults', () => {
  const set = (settings: object) => smile.call('PATCH', '/__local/settings', settings);

  it('repeats each event as often as asked', async () => {
    await set({ webhookRepeat: 5 });
    await smile.newUser();
    const five = await eventually(() => (receiver.received.length === 5 ? receiver.received : undefined));
    expect(new Set(five.map(({ event }) => event.id)).size).toBe(1);
    expect(new Set(five.map(({ raw }) => raw.toString())).size).toBe(1);
  });

  it('loses the chosen types, and delivers the others late and in order', async () => {
    await set({ webhookDrop: ['ACCOUNT_CONNECTED', 'TASK_STARTED'], webhookDelayMs: 20 });
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'nbi_ph', userName: 'Ryan', password: '654321' };
    await smile.call('POST', '/__local/accounts', login);
    await receiver.event('TASK_FINISHED');
    expect(receiver.types()).toEqual([
      'USER_CREATED',
      'ACCOUNT_CREATED',
      'IDENTITY_ADDED',
      'DOCUMENTS_ADDED',
      'LINK_ADDED',
      'INSIGHT_ADDED',
      'TASK_FINISHED',
    ]);
  });

  it('of earlier events does not reach a receiver after a reset', async () => {
    await set({ webhookDelayMs: 1_000 });
    await smile.newUser();
    await smile.call('POST', '/__local/reset');
    await smile.newUser();
    await eventually(() => receiver.received[0]);
    await smile.smile.close();
    expect(receiver.received).toHaveLength(1);
  });
});
