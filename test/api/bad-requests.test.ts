/** Requests that are wrong before their body is looked at: method, path, host, headers, and HTTP itself. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { begin, expectRefusal, openSmallSite, raw, send, stored, type Draft } from '../helpers/api/client.ts';

let site: TestSite;
let draft: Draft;
beforeAll(async () => {
  site = await openSmallSite();
  draft = await begin(site);
});
afterAll(() => site.close());

const key = { authorization: `Bearer ${API_KEY}` };
const routes: [method: string, path: string, all: string][] = [
  ['POST', '/api/forms/driver/submissions', 'GET, HEAD, POST'],
  ['GET', '/api/forms/driver/submissions', 'GET, HEAD, POST'],
  ['PUT', '/api/submissions/ID/answers', 'GET, HEAD, PUT'],
  ['POST', '/api/submissions/ID/link-token', 'POST'],
  ['POST', '/api/submissions/ID/events', 'POST'],
  ['POST', '/api/submissions/ID/submit', 'POST'],
  ['POST', '/api/webhooks/smile', 'POST'],
  ['GET', '/api/forms', 'GET, HEAD'],
  ['GET', '/api/submissions/ID', 'GET, HEAD, DELETE'],
];

describe('methods', () => {
  for (const [, path, all] of routes) {
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PURGE'].filter((one) => !all.split(', ').includes(one));
    it.each(others)(`%s is refused at ${path}, and the answer names the allowed methods`, async (method) => {
      const before = await stored(site);
      const body = method === 'GET' ? undefined : '{}';
      const said = await send(site, method, path.replace('ID', draft.id), body, draft.headers);
      expectRefusal(said, 405, 'method_not_allowed');
      expect(said.headers.get('allow')).toBe(all);
      expect(await stored(site)).toEqual(before);
    });
  }

  it.each(['TRACE', 'CONNECT'])('%s brings back nothing that was sent', async (method) => {
    const answer = await raw(
      site.port,
      `${method} /api/forms HTTP/1.1\r\nhost: x\r\ncookie: secret=1\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).not.toContain('secret=1');
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
  });

  it('TRACE is no error of the server at local Smile', async () => {
    for (const path of ['/local-smile', '/local-smile/v1/users'])
      expect(await raw(site.port, `TRACE ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 40[45] /,
      );
  });

  it('answers HEAD like GET, without a body', async () => {
    const said = await send(site, 'HEAD', '/api/forms', undefined, key);
    expect([said.status, said.text]).toEqual([200, '']);
    expect((await send(site, 'HEAD', '/api/forms')).status).toBe(401);
  });
});

describe('paths', () => {
  it.each([
    '/api/nope',
    '/api/forms/driver',
    '/api/forms/driver/submissions/x',
    '/api/submissions',
    '/api/submissions/',
    '/api/',
    '/api//forms',
    '/api/forms/',
    '/api/./nope',
    '/api/forms%2fdriver%2fsubmissions',
    '/api/%2e%2e%2fadmin',
    '/api/%',
    '/api/%zz',
    '/api/%00',
    '/api/\u2028',
    '/api/webhooks',
    '/api/webhooks/smile/x',
    '/API/forms',
  ])('there is nothing at %s', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const said = await send(site, method, path, method === 'POST' ? '{}' : undefined, key);
      expect([method, said.status]).toEqual([method, 404]);
      if (path.startsWith('/api/')) expectRefusal(said, 404, 'not_found');
    }
  });

  it.each(['/nope', '/driver/fr', '/driver/xx/yy', '/healthz', '/nope/en'])(
    'nothing can be posted to %s',
    async (path) => {
      const before = await stored(site);
      const { status } = await send(site, 'POST', path, 'full_name=Ana', {
        'content-type': 'application/x-www-form-urlencoded',
        origin: site.origin,
      });
      expect(status).toBe(path === '/healthz' ? 405 : 404);
      expect(await stored(site)).toEqual(before);
    },
  );

  it('names all methods that the address of a form allows', async () => {
    const said = await send(site, 'DELETE', '/plain');
    expect([said.status, said.body.error.code]).toEqual([405, 'method_not_allowed']);
    expect(said.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each(['x', '0', '..', '%00', '%2e%2e%2f', "' or 1=1 --", 'a'.repeat(1900), '__proto__', crypto.randomUUID()])(
    'there is no submission %s',
    async (id) => {
      const path = `/api/submissions/${encodeURIComponent(id).replaceAll('%25', '%')}`;
      if (id === '..') return;
      expectRefusal(await send(site, 'GET', path, undefined, key), 404, 'unknown_submission');
      expectRefusal(await send(site, 'PUT', `${path}/answers`, '{}', draft.headers), 404, 'unknown_submission');
    },
  );

  it('lets the address of a page bring nothing but pages', async () => {
    const paths = ['//evil.example/plain', '/plain//', '//', '/plain/../../etc/passwd', '/..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2fserver%2fentry.mjs', '/assets/../server/entry.mjs', '/gig-driver.html', '/entry.mjs', '/%', '/%ff', '/\\evil.example', '/plain%00', '/plain;x', '//PLAIN', '//EVIL.example/PLAIN', '/\\EVIL.example']; // prettier-ignore
    for (const path of paths) {
      const answer = await raw(site.port, `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
      expect([path, /^HTTP\/1\.1 (200|400|404) /.test(answer)]).toEqual([path, true]);
      expect(answer).not.toMatch(/root:|\nlocation:|import .*from/i);
    }
  });
});

describe('other origins and hosts', () => {
  it('lets a page of any origin send a preflight request and read the answer, without credentials', async () => {
    const asked = await send(site, 'OPTIONS', `/api/submissions/${draft.id}/answers`, undefined, {
      origin: 'https://cdn.example',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(asked.headers.get('access-control-allow-headers')).toBe(
      'authorization,content-type,idempotency-key,x-file-name',
    );
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    for (const said of [await draft.put('about', {}), await send(site, 'GET', '/api/nope')]) {
      expect(said.headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  it('gives other origins access to the API only', async () => {
    for (const path of ['/plain', '/healthz', '/admin', '/nope', '/local-smile/v1/users']) {
      const said = await send(site, 'GET', path, undefined, { origin: 'https://evil.example' });
      expect([path, said.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });

  it('answers requests in absolute form, and never sends anybody to the host they name', async () => {
    const lines = ['host: evil.example', 'connection: close', '', ''].join('\r\n');
    const page = await raw(site.port, `GET http://evil.example/plain HTTP/1.1\r\n${lines}`);
    expect(page).toMatch(/^HTTP\/1\.1 200 /);
    expect(page).not.toContain('evil.example');
    const api = await raw(site.port, `GET http://evil.example/api/forms HTTP/1.1\r\n${lines}`);
    expect(api).toMatch(/^HTTP\/1\.1 401 /);
    for (const path of ['/plain/ending', '/admin', '/nope']) {
      expect(await raw(site.port, `GET ${path} HTTP/1.1\r\n${lines}`)).not.toContain('evil.example');
    }
  });

  // `URL` refuses a host that ends as an address of IPv4 does and is none.
  it.each(['a.1', '08', '1.2.3.256', 'x.1:8000', 'a b', '[::1'])('refuses the Host %j', async (host) => {
    for (const path of ['/api/forms', '/nope', '/admin', '/healthz']) {
      const answer = await raw(site.port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      expect([path, answer.split('\r\n')[0]]).toEqual([path, 'HTTP/1.1 400 Bad Request']);
    }
  });

  it.each(['a b', '', 'evil.example/path', 'x@y', '[::1', '127.0.0.1:99999', '\xff'])(
    'bears the Host %j without failing',
    async (host) => {
      for (const path of ['/plain', '/api/forms', '/nope', '/admin']) {
        const answer = await raw(site.port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
        expect([path, answer.split('\r\n')[0]]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 [234]\d\d /)]);
      }
    },
  );

  it.each(['HTTP/1.0\r\n', 'HTTP/1.0\r\nhost:\r\n'])(
    'answers a request of HTTP/1.0 without a host, as of a load balancer: %j',
    async (head) => {
      const statusOf = async (path: string) => (await raw(site.port, `GET ${path} ${head}\r\n`)).slice(9, 12);
      expect([await statusOf('/readyz'), await statusOf('/healthz'), await statusOf('/plain')]).toEqual(['200', '200', '200']); // prettier-ignore
      expect([await statusOf('/nope'), await statusOf('/api/forms'), await statusOf('/admin')]).toEqual(['404', '401', '303']); // prettier-ignore
    },
  );

  it('bears a request for *', async () => {
    const answer = await raw(site.port, 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /);
  });
});

describe('HTTP itself', () => {
  const bad: [string, string][] = [
    ['a header that is too long', `GET /plain HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['a request line that is too long', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['10,000 headers', `GET /plain HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(10_000)}\r\n`],
    ['two lengths', 'POST /plain HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST /plain HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /plain HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['a chunk of no size', 'POST /plain HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n'],
    ['no host', 'GET /plain HTTP/1.1\r\n\r\n'],
    ['an empty host', 'GET /plain HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n'],
    ['two hosts', 'GET /plain HTTP/1.1\r\nhost: x\r\nhost: evil.example\r\nconnection: close\r\n\r\n'],
    ['the same host twice', 'GET /plain HTTP/1.1\r\nhost: x\r\nHost: x\r\nconnection: close\r\n\r\n'],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
  ];
  it.each(bad)('refuses %s', async (_kind, text) => {
    const before = await stored(site);
    const answer = await raw(site.port, text);
    expect(answer.split('\r\n')[0]).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await stored(site)).toEqual(before);
  });

  it('logs no failure when a person leaves while sending', async () => {
    const { Socket } = await import('node:net');
    const before = site.logged();
    const socket = new Socket().connect(site.port, '127.0.0.1');
    const head = [`PUT /api/submissions/${draft.id}/answers HTTP/1.1`, 'host: x', `authorization: ${draft.headers.authorization}`, 'content-type: application/json', 'content-length: 999', '', '{"a":']; // prettier-ignore
    await new Promise<void>((done) => socket.write(head.join('\r\n'), () => done()));
    expect((await send(site, 'GET', '/healthz')).status).toBe(200);
    socket.destroy();
    for (let ask = 0; ask < 20; ask++) await send(site, 'GET', '/healthz');
    expect(site.logged().slice(before.length)).not.toContain('A request failed');
  });

  it.each([
    ['a form', '/plain', 'content-type: multipart/form-data; boundary=x'],
    ['a webhook', '/api/webhooks/smile', 'smile-signature: x'],
    ['a sign-in', '/admin/sign-in', 'content-type: application/x-www-form-urlencoded'],
  ])('logs no failure when %s is cut off', async (_what, at, header) => {
    const before = site.logged();
    const socket = connect(site.port, '127.0.0.1');
    const head = [`POST ${at} HTTP/1.1`, `host: 127.0.0.1:${site.port}`, `origin: ${site.origin}`, header, 'content-length: 999', '', '--x']; // prettier-ignore
    await new Promise<void>((done) => socket.write(head.join('\r\n'), () => done()));
    expect((await send(site, 'GET', '/healthz')).status).toBe(200);
    socket.destroy();
    for (let ask = 0; ask < 20; ask++) await send(site, 'GET', '/healthz');
    expect(site.logged().slice(before.length)).not.toMatch(/A request failed|could not answer/);
  });
});

describe('somebody', () => {
  it('on a slow connection can finish, and delays no other person', async () => {
    const { Socket } = await import('node:net');
    const socket = new Socket().connect(site.port, '127.0.0.1');
    const body = JSON.stringify({ screen: 'about', answers: { full_name: 'Slow', status: 'none' } });
    const head = [`PUT /api/submissions/${draft.id}/answers HTTP/1.1`, 'host: x', `authorization: ${draft.headers.authorization}`, 'content-type: application/json', `content-length: ${body.length}`, 'connection: close', '', '']; // prettier-ignore
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write(head.join('\r\n'));
    for (const letter of body) {
      await new Promise<void>((sent) => socket.write(letter, () => sent()));
      expect((await send(site, 'GET', '/healthz')).status).toBe(200);
    }
    await new Promise((closed) => socket.on('close', closed));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('with too many requests reads when to come back, and people who have started continue', async () => {
    const limited = await openSmallSite({ env: { RATE_LIMIT: 'on' } });
    const ana = await begin(limited);
    const starts = Array.from({ length: 600 }, () => send(limited, 'POST', '/api/forms/driver/submissions', {}));
    const saving = ana.put('about', { full_name: 'Ana', status: 'none' });
    const [saved, ...answers] = await Promise.all([saving, ...starts]);
    const refused = answers.filter(({ status }) => status !== 201);
    await limited.close();
    expect(refused.length).toBeGreaterThan(0);
    for (const said of refused) {
      expectRefusal(said, 429, 'rate_limited');
      expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(saved.status).toBe(200);
  });
});

describe('the log', () => {
  it('holds no answer, token or key of all that was sent', async () => {
    await draft.put('about', { full_name: 'Secret Name', status: 'none' });
    await send(site, 'GET', '/api/forms', undefined, key);
    expect(site.logged()).not.toMatch(new RegExp(`Secret Name|${draft.token}|${API_KEY}`));
  });
});

describe('the control API of local Smile', () => {
  const reset = async (...headers: string[]) => {
    const lines = ['POST /local-smile/__local/reset HTTP/1.1', ...headers, 'content-length: 0', 'connection: close'];
    return (await raw(site.port, `${lines.join('\r\n')}\r\n\r\n`)).split('\r\n')[0];
  };

  it('answers this machine', async () => {
    expect(await reset(`host: 127.0.0.1:${site.port}`)).toBe('HTTP/1.1 200 OK');
    expect(await reset(`host: localhost:${site.port}`, 'sec-fetch-site: none')).toBe('HTTP/1.1 200 OK');
  });

  it.each<[string, string[]]>([
    ['a page of another site', ['host: 127.0.0.1', 'sec-fetch-site: cross-site']],
    ['a page of another site in a browser that does not say so', ['host: 127.0.0.1', 'origin: https://evil.example']],
    ['a page of another port', ['host: localhost', 'origin: http://localhost:3000', 'sec-fetch-site: same-site']],
    ['a page without an origin', ['host: 127.0.0.1', 'origin: null']],
    ['a name that was pointed at this machine', ['host: evil.example', 'sec-fetch-site: same-origin']],
    ['somebody behind a tunnel', ['host: abc.tunnel.example']],
    ['somebody behind a proxy', ['host: 127.0.0.1', 'x-forwarded-for: 203.0.113.9']],
  ])('does not answer %s', async (_who, headers) => {
    expect(await reset(...headers)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});
