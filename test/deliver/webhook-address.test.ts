import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWebhookPoster } from '../../src/deliver/webhook-post.ts';
import { isPublic, addressProblem, resolveInTurns, type Resolve } from '../../src/deliver/webhook-address.ts';

describe('an address is on the internet', () => {
  it.each(['93.184.215.14', '8.8.8.8', '172.15.255.255', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8'])('%s', (address) => {
    expect(isPublic(address)).toBe(true);
  }); // prettier-ignore
});

describe('an address is not on the internet', () => {
  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine, further on', '127.255.0.9'],
    ['any address', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['a private network', '10.0.0.5'],
    ['a private network', '172.16.0.1'],
    ['a private network', '192.168.1.1'],
    ['a shared network, and metadata at Alibaba', '100.100.100.200'],
    ['metadata at most clouds', '169.254.169.254'],
    ['metadata of containers', '169.254.170.2'],
    ['the host of an Azure machine', '168.63.129.16'],
    ['a benchmark', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['this machine in IPv6', '::1'],
    ['no address in IPv6', '::'],
    ['this machine mapped', '::ffff:127.0.0.1'],
    ['this machine mapped, in hexadecimal', '::ffff:7f00:1'],
    ['metadata mapped', '::ffff:a9fe:a9fe'],
    ['the host of an Azure machine, mapped', '::ffff:168.63.129.16'],
    ['an old way to carry IPv4', '::127.0.0.1'],
    ['translated IPv4', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['unique local, and metadata at AWS', 'fd00:ec2::254'],
    ['documentation in IPv6', '2001:db8::1'],
    ['not given out', '4000::1'],
    ['no address at all', 'acme.example'],
  ])('%s: %s', (_what, address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('a webhook’s address', () => {
  it.each(['https://acme.example/hooks', 'https://8.8.8.8/hooks'])('%s may be written', (address) => {
    expect(addressProblem(address, [])).toBeUndefined();
  });

  it.each([
    'http://acme.example/hooks',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://printer.local/',
  ])('%s is refused', (address) => {
    expect(addressProblem(address, [])).toMatch(/^is not (https|on the internet)/);
  });

  it('may be private, and without https, where the host is named', () => {
    expect(addressProblem('http://localhost:4000/hooks', ['localhost:4000'])).toBeUndefined();
    expect(addressProblem('http://localhost:4001/hooks', ['localhost:4000'])).toBeDefined();
    expect(addressProblem('http://10.0.0.5:81/hooks', ['10.0.0.5'])).toBeUndefined();
  });
});

describe('a name', () => {
  let asked = 0;
  const listener = createServer((socket) => {
    asked++;
    socket.end();
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    ({ port } = listener.address() as AddressInfo);
  });
  afterAll(() => listener.close());

  const to = (...addresses: string[]): Resolve & { times: number } => {
    const resolve = ((_name, _options, done) => {
      resolve.times++;
      done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))); // prettier-ignore
    }) as Resolve & { times: number };
    resolve.times = 0;
    return resolve;
  };

  it.each([
    ['this machine', ['127.0.0.1']],
    ['this machine, mapped', ['::ffff:127.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['an address on the internet and a private one', ['93.184.215.14', '10.0.0.1']],
  ])('of %s is refused, and no connection is made', async (_what, addresses) => {
    const post = createWebhookPoster({ allowed: [], resolve: to(...addresses) });
    const answer = await post(`https://rebind.example:${port}/`, '{}', {});
    expect(answer).toEqual({
      message: 'The webhook’s host is not on the internet: it belongs to this machine or to a private network',
    });
    expect(asked).toBe(0);
  });

  it('is resolved once, and the connection goes to the checked address', async () => {
    const answers = [['203.0.114.1'], ['127.0.0.1']];
    let times = 0;
    const resolve: Resolve = (_name, _options, done) =>
      done(null, (answers[times++] ?? []).map((address) => ({ address, family: 4 }))); // prettier-ignore
    const post = createWebhookPoster({ allowed: [], resolve, timeoutMs: 300 });
    await post(`https://rebind.example:${port}/`, '{}', {});
    expect(times).toBe(1);
    expect(asked).toBe(0);
  });

  it('without an address gets an error with that reason', async () => {
    const post = createWebhookPoster({ allowed: [] });
    expect((await post('https://nobody.invalid/', '{}', {})).message).toMatch(/^The host(’s address| has no)/);
  });

  it('whose servers are silent is looked up once for all, and takes no more of the places for lookups', async () => {
    const asking: [string, Parameters<Resolve>[2]][] = [];
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    const post = createWebhookPoster({
      allowed: [],
      resolve: (name, _options, done) => void asking.push([name, done]),
      timeoutMs: 100,
    });
    const send = async (host: string) => (await post(`https://${host}.example/`, '{}', {})).message;
    const names = () => asking.map(([name]) => name);
    const sent = await Promise.all(['silent', 'silent', 'other', 'silent'].map(send));
    expect(new Set(sent)).toEqual(new Set(['No answer within 0.1 seconds']));
    await send('silent');
    expect(names()).toEqual(['silent.example']);

    clock.mockReturnValue(10_000);
    asking[0]?.[1](Object.assign(new Error('silent'), { code: 'EAI_AGAIN' }), []);
    expect(await send('silent')).toBe('The address of the host could not be found');
    expect(names()).toEqual(['silent.example', 'other.example']);
    asking[1]?.[1](null, [{ address: '10.0.0.1', family: 4 }]);

    clock.mockReturnValue(120_000);
    await send('silent');
    expect(names()).toEqual(['silent.example', 'other.example', 'silent.example']);
  });

  it('that could not be found is forgotten after a thousand others', async () => {
    const asked: string[] = [];
    const resolve = resolveInTurns((name, _options, done) => {
      asked.push(name);
      setTimeout(() => done(Object.assign(new Error('silent'), { code: 'EAI_AGAIN' }), []), name === 'first' || name === 'last' ? 300 : 0); // prettier-ignore
    });
    const ask = (name: string) => new Promise((end) => resolve(name, { all: true }, end));
    const between = Array.from({ length: 1_000 }, (_, n) => `n${n}`);
    for (const name of ['first', ...between, 'last']) await ask(name);
    asked.length = 0;
    for (const name of ['last', 'first']) await ask(name);
    expect(asked).toEqual(['first']);
  });
});
