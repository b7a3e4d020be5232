/** Ready pages as browsers and caches meet them. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_LINKS } from '../../src/links/registry.ts';
import { createDashboard } from '../../src/dashboard/app.ts';
import { openCatalog, type Published } from '../../src/publish/catalog.ts';
import { openFormChecker } from '../../src/publish/check/form-checker.ts';
import { openPageRenderer, type Render } from '../../src/publish/rendering/page-renderer.ts';
import { makePage, type Page } from '../../src/publish/rendering/pages.ts';
import { createPublisher } from '../../src/publish/publisher.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';
import { eventually, openSmallSite, send } from '../helpers/api/client.ts';
import { limited, post } from '../helpers/api/limited.ts';
import { SETUP } from '../helpers/dashboard-client.ts';
import type { TestSite } from '../helpers/site.ts';
import { brotliBytes } from '../helpers/weight.ts';
import { NOW, temporaryDatabase, temporaryFolder } from '../helpers/database.ts';

// Made by `astro build`, which types know nothing of.
const built = '../../dist/server/entry.mjs';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
});
afterAll(() => site.close());

/** A request whose body is left as it came. */
function plainly(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, string | undefined>; bytes: Buffer }>((done, failed) => {
    const asking = request(site.origin + path, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string | undefined>,
          bytes: Buffer.concat(chunks),
        }),
      );
    });
    asking.on('error', failed).end();
  });
}

describe.each(['/driver', '/driver/es', '/plain'])('the page %s', (path) => {
  it('is the same text in every encoding', async () => {
    const plain = await plainly(path);
    expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
    const br = await plainly(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.bytes)).toEqual(plain.bytes);
    const gzip = await plainly(path, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes);
    for (const { headers, bytes } of [plain, br, gzip]) {
      expect(headers['content-length']).toBe(String(bytes.length));
      expect(headers['vary']).toMatch(/accept-encoding/i);
    }
    expect(br.bytes.length).toBeLessThan(14_000);
  });

  it.each(['br;q=0', 'br;q=0, gzip;q=0', 'identity', 'zstd', 'xbr', ''])(
    'is not sent compressed to a browser that accepts %j',
    async (accepted) => {
      const { status, headers } = await plainly(path, { 'accept-encoding': accepted });
      expect([status, headers['content-encoding']]).toEqual([200, undefined]);
    },
  );

  it('is sent without reading more than the beginning of a header', async () => {
    const etag = (await plainly(path)).headers['etag'] ?? '';
    for (const [before, read] of [
      [900, true],
      [1_000, false],
    ] as const) {
      const commas = ','.repeat(before);
      const zipped = await plainly(path, { 'accept-encoding': `${commas}gzip` });
      expect([before, zipped.headers['content-encoding']]).toEqual([before, read ? 'gzip' : undefined]);
      expect((await plainly(path, { 'if-none-match': commas + etag })).status).toBe(read ? 304 : 200);
    }
    // Nor by a pattern that takes long for spaces.
    const spaces = `br${' '.repeat(980)}x, gzip ; q=0.5`;
    expect((await plainly(path, { 'accept-encoding': spaces })).headers['content-encoding']).toBe('gzip');
  });

  it('is not sent again to a browser that has it, also when a proxy has weakened its tag or listed several', async () => {
    const { headers } = await plainly(path);
    const etag = headers['etag'] ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const has of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await plainly(path, { 'if-none-match': has });
      expect([has, again.status, again.bytes.length]).toEqual([has, 304, 0]);
      expect(again.headers['etag']).toBe(etag);
    }
    expect((await plainly(path, { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('answers HEAD with the headers of GET and nothing else', async () => {
    const [get, head] = [await plainly(path), await plainly(path, {}, 'HEAD')];
    expect(head.bytes).toHaveLength(0);
    for (const name of ['content-type', 'content-length', 'etag', 'content-security-policy', 'cache-control']) {
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
    }
  });

  it('allows only its own scripts, and has the headers that protect it', async () => {
    const { headers, bytes } = await plainly(path);
    const html = bytes.toString();
    const policy = headers['content-security-policy'] ?? '';
    const directive = (name: string) => policy.split('; ').find((one) => one.startsWith(`${name} `)) ?? '';
    const scripts = [...html.matchAll(/<script(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(1);
    for (const [, text = ''] of scripts) {
      expect(directive('script-src')).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    expect(directive('script-src')).not.toMatch(/unsafe|\*|data:|https?:/);
    expect(directive('default-src')).toBe("default-src 'none'");
    expect(directive('base-uri')).toBe("base-uri 'none'");
    expect(directive('frame-ancestors')).toBe("frame-ancestors 'self'");
    expect(html).not.toMatch(/\son[a-z]+=|javascript:/i);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBeTruthy();
    // Isolating a page from its opener takes a slow phone time, and only a widget in it needs that.
    expect(headers['cross-origin-opener-policy']).toBe(path === '/plain' ? undefined : 'same-origin-allow-popups');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['x-powered-by'] ?? headers['server']).toBeUndefined();
  });

  it('holds no value of its address: params are for its script', async () => {
    const hostile =
      '?customer_id=%3Cscript%3Ealert(1)%3C/script%3E&full_name=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E';
    expect((await plainly(path + hostile)).bytes).toEqual((await plainly(path)).bytes);
  });
});

describe('the page of a frame, which has a separate origin', () => {
  it('names our origin, because `self` is nothing there in WebKit, and no host that could add to its policy', async () => {
    const policyAt = async (host: string) =>
      (await plainly('/assets/wink-frame.html', { host })).headers['content-security-policy'] ?? '';
    for (const host of ['127.0.0.1:8000', 'forms.acme.example', '[::1]:8000']) {
      const policy = await policyAt(host);
      expect(policy).toContain('sandbox allow-scripts');
      for (const name of ['script-src', 'connect-src', 'img-src', 'style-src'])
        expect(policy).toContain(`${name} 'self' http://${host}`);
    }
    for (const host of ['x; script-src *', 'a, b', '*', "x 'unsafe-eval'"]) {
      expect(await policyAt(host)).not.toMatch(/http:|\*|unsafe-eval/);
    }
  });
});

describe('assets', () => {
  it('are kept for ever, compressed, and typed', async () => {
    const { text } = await send(site, 'GET', '/driver');
    const address = /\/assets\/wink-en-[0-9a-f]{10}\.js/.exec(text)?.[0] ?? '';
    const { status, headers } = await plainly(address, { 'accept-encoding': 'br' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'x-content-type-options': 'nosniff',
    });
    expect((await plainly(`${address}?x`)).status).toBe(200);
    const gone = await plainly(address.replace(/[0-9a-f]{10}/, '0000000000'));
    expect([gone.status, gone.headers['cache-control']]).toEqual([404, 'no-store']);
  });
});

describe('a page that is not there', () => {
  it('has a message, is not cached, and repeats nothing of its address', async () => {
    for (const path of [
      '/nope',
      '/driver/fr',
      '/driver/ending/x',
      '/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
      '/a"b',
      '/.env',
      '/.git/config',
    ]) {
      const { status, headers, bytes } = await plainly(encodeURI(decodeURI(path)));
      expect([path, status, headers['cache-control']]).toEqual([path, 404, 'no-store']);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(bytes.toString()).not.toMatch(/<script>alert|a"b|git/);
      expect(bytes.toString()).toContain('There is no page here');
    }
  });
});

describe('a script or style that has got into a page without being ours', () => {
  const strange = (html: string) => html.replace('</head>', '<style>body{}</style><script>evil()</script></head>');
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const inject = async (request: Request, locals: App.Locals) => {
    const { render } = (await import(built)) as { render: Render };
    const response = await render(request, locals);
    return new Response(strange(await response.text()), response);
  };

  it('is not in the policy of a page for respondents', async () => {
    const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
    const sources = { script: [], connect: [], image: [] };
    const pageRenderer = openPageRenderer({ catalog: site.catalog, render: inject, site: address, sources });
    const pages = [
      await pageRenderer.page('plain', undefined),
      await pageRenderer.renderUncached(
        { kind: 'message', language: 'en', brand: 'Acme', color: '#0b6e4f', title: 'Hello' },
        200,
      ),
      await pageRenderer.frame('127.0.0.1'),
    ];
    for (const page of pages) {
      expect(page?.plain.toString()).toContain('evil()');
      const policy = page?.headers['content-security-policy'];
      expect(policy).toMatch(/style-src 'self'/);
      for (const text of ['evil()', 'body{}']) expect(policy).not.toContain(hashOf(text));
    }
  });

  it('is not in the policy of the dashboard', async () => {
    const db = await temporaryDatabase();
    const dashboard = createDashboard({
      db,
      files: diskStore(temporaryFolder()),
      catalog: await openCatalog(db),
      links: NO_LINKS,
      publisher: createPublisher({ db, catalog: await openCatalog(db), checker: openFormChecker(), now: () => NOW }, temporaryFolder()), // prettier-ignore
      rehearse: () => Promise.reject(new Error('not here')),
      render: inject,
      results: { countWaiting: async () => true, countTests: async () => 0 },
      setup: SETUP,
      keys: [Buffer.alloc(32, 1)],
      decideSpam: async () => 'missing' as const,
      erase: async () => false,
    });
    const answer = await dashboard(new Request('http://forms.example/admin/setup'), '203.0.113.7');
    expect(await answer.text()).toContain('evil()');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toMatch(/style-src( 'sha256-[\w+/]+=*')+; script-src( 'sha256-[\w+/]+=*')+;/);
    for (const text of ['evil()', 'body{}']) expect(policy).not.toContain(hashOf(text));
  });
});

describe('a site with an https address', () => {
  it('has browsers keep to https, on pages and in the dashboard; one with http does not', async () => {
    const secure = await openSmallSite({ env: { PUBLIC_ORIGIN: 'https://forms.acme.example' } });
    for (const to of ['/plain', '/driver', '/nope', '/admin/setup']) {
      expect((await send(secure, 'GET', to)).headers.get('strict-transport-security'), to).toBe('max-age=31536000');
      expect((await send(site, 'GET', to)).headers.get('strict-transport-security'), to).toBeNull();
    }
    await secure.close();
  });

  it('keeps the pass of a form to itself', async () => {
    const forms = { club: limited('password: open sesame') };
    for (const [base, start] of [
      ['', /^__Host-flipsite_pass_club=[^;]+;.* Path=\/; .*Secure(;|$)/],
      ['/forms', /^__Secure-flipsite_pass_club=[^;]+;.* Path=\/forms\/; .*Secure(;|$)/],
    ] as const) {
      const origin = 'https://forms.acme.example';
      const secure = await openSmallSite({ forms, env: { PUBLIC_ORIGIN: origin + base } });
      const said = await post(secure, '/club/password', { password: 'open sesame' }, { origin });
      expect(said.headers.get('set-cookie')).toMatch(start);
      const cookie = said.headers.get('set-cookie')?.split(';')[0] ?? '';
      expect((await send(secure, 'GET', '/club', undefined, { cookie })).text).toContain('name="email"');
      await secure.close();
    }
  });
});

it('lets no page use the camera, the microphone or the place, and leaves the camera to a widget', async () => {
  const policyOf = async (to: string) => (await send(site, 'GET', to)).headers.get('permissions-policy');
  const always = 'geolocation=(), microphone=(), payment=(), usb=()';
  expect(await policyOf('/plain')).toBe(`${always}, camera=()`);
  expect(await policyOf('/admin/setup')).toBe(`${always}, camera=()`);
  expect(await policyOf('/driver')).toBe(always);
});

it('the page of the frame of a widget is rendered again after an error', async () => {
  let tries = 0;
  const render = async () => new Response('frame', { status: tries++ ? 200 : 500 });
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const sources = { script: [], connect: [], image: [] };
  const renderer = openPageRenderer({ catalog: site.catalog, render, site: address, sources });
  await expect(renderer.frame('127.0.0.1')).rejects.toThrow('Could not render a page: 500');
  expect((await renderer.frame('127.0.0.1')).plain.toString()).toBe('frame');
});

it('pages of earlier versions are made one at a time, however many are asked for at once', async () => {
  const { render } = (await import(built)) as { render: Render };
  let [underWay, most] = [0, 0];
  const counting: Render = async (request, locals) => {
    most = Math.max(most, ++underWay);
    const response = await render(request, locals);
    const text = await response.text();
    underWay--;
    return new Response(text, response);
  };
  const current = site.catalog.current('plain') as Published;
  const versions = ['a', 'b', 'c', 'd'];
  const catalog = { ...site.catalog, current: () => current, list: () => [current], version: async () => current.form, versionBytes: async () => 1 }; // prettier-ignore
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const renderer = openPageRenderer({ catalog, render: counting, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const pages = await Promise.all(versions.map((version) => renderer.page('plain', undefined, `?version=${version}`)));
  expect(pages.map((page) => page?.status)).toEqual([200, 200, 200, 200]);
  expect(most).toBe(1);
});

it('a page of an earlier version that waits for its turn holds no form', async () => {
  const { render } = (await import(built)) as { render: Render };
  const current = site.catalog.current('plain') as Published;
  let [rendered, mostAhead, read] = [0, 0, 0];
  const version = async () => {
    mostAhead = Math.max(mostAhead, ++read - rendered);
    return current.form;
  };
  const counting: Render = (request, locals) => render(request, locals).finally(() => rendered++);
  const catalog = { ...site.catalog, current: () => current, list: () => [current], version, versionBytes: async () => 1 }; // prettier-ignore
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const renderer = openPageRenderer({ catalog, render: counting, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => renderer.page('plain', undefined, `?version=${name}`)));
  expect([read, mostAhead]).toEqual([4, 1]);
});

it('a page of an earlier version does not wait for all others that its first client has asked for', async () => {
  const { render } = (await import(built)) as { render: Render };
  const current = site.catalog.current('plain') as Published;
  const catalog = { ...site.catalog, current: () => current, list: () => [current], version: async () => current.form, versionBytes: async () => 1 }; // prettier-ignore
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const renderer = openPageRenderer({ catalog, render, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const done: string[] = [];
  const ask = (client: string, version: string) =>
    answerAs(client, () => renderer.page('plain', undefined, `?version=${version}`)).then(() => done.push(`${client} ${version}`)); // prettier-ignore
  const versions = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all([...versions.map((version) => ask('crowd', version)), ask('person', 'f')]);
  expect(done.indexOf('person f')).toBeLessThanOrEqual(2);
  expect(done).toHaveLength(7);
});

it('a page that is not in memory does not wait for all others that its first client has asked for', async () => {
  const { render } = (await import(built)) as { render: Render };
  const shown = site.catalog.current('plain') as Published;
  const current = (slug: string) => ({ ...shown, form: { ...shown.form, slug } });
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const renderer = openPageRenderer({ catalog: { ...site.catalog, current }, render, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const done: string[] = [];
  const ask = (client: string, slug: string) =>
    answerAs(client, () => renderer.page(slug, undefined)).then(() => done.push(`${client} ${slug}`));
  await Promise.all([...['a', 'b', 'c', 'd', 'e', 'f'].map((slug) => ask('crowd', slug)), ask('person', 'f')]);
  expect(done.indexOf('person f')).toBeLessThanOrEqual(2);
  expect(done).toHaveLength(7);
});

it('a page of a message that is not in memory does not wait for all others that another client has asked for', async () => {
  const { render } = (await import(built)) as { render: Render };
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const renderer = openPageRenderer({ catalog: site.catalog, render, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const done: string[] = [];
  const ask = (client: string, title: string) => {
    const view = { kind: 'message', language: 'en', brand: 'Acme', title, text: '' } as const;
    return answerAs(client, () => renderer.shared(view, 404)).then(() => done.push(`${client} ${title}`));
  };
  await Promise.all([...['a', 'b', 'c', 'd', 'e', 'f'].map((title) => ask('crowd', title)), ask('person', 'f')]);
  expect(done.indexOf('person f')).toBeLessThanOrEqual(2);
  expect(done).toHaveLength(7);
});

it('a page is sent before it is as small as possible, and its smaller bytes follow', async () => {
  const { render } = (await import(built)) as { render: Render };
  const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
  let now = site.catalog.current('plain') as Published;
  const catalog = { ...site.catalog, current: () => now, list: () => [now] };
  const renderer = openPageRenderer({ catalog, render, site: address, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const first = (await renderer.page('plain', undefined)) as Page;
  const smallest = brotliBytes(first.plain.toString());
  expect(first.br?.length).toBeGreaterThan(smallest);
  const small = await eventually(async () => {
    const page = renderer.cached('plain', undefined);
    return page !== first && page;
  });
  expect(small).toEqual({ ...first, br: small.br, gzip: small.gzip });
  expect(small.br).toHaveLength(smallest);
  expect([brotliDecompressSync(small.br ?? ''), gunzipSync(small.gzip ?? '')]).toEqual([first.plain, first.plain]);
  expect(await renderer.page('plain', undefined)).toBe(small);
  // The page of a version that is replaced meanwhile does not come back.
  now = { ...now, version: 'one' };
  await renderer.page('plain', undefined);
  now = { ...now, version: 'two', form: { ...now.form, title: 'Two' } };
  await renderer.page('plain', undefined);
  await eventually(async () => renderer.cached('plain', undefined)?.br?.length === brotliBytes(textNow()));
  expect(textNow()).toContain('<title>Two');
  function textNow() {
    return renderer.cached('plain', undefined)?.plain.toString() ?? '';
  }
});

it('pages are compressed one at a time, so that uploads and passwords find a thread', async () => {
  const done: string[] = [];
  const large = Array.from({ length: 30_000 }, (_, n) => (n * 7919) % 100_003).join(' ');
  const made = [['large', large], ['small', 'x']].map(([name = '', text = '']) =>
    makePage(text, {}).then((page) => {
      done.push(name);
      return page;
    }),
  ); // prettier-ignore
  const pages = await Promise.all(made);
  expect(done).toEqual(['large', 'small']);
  expect(pages.map(({ plain, br, gzip }) => [brotliDecompressSync(br ?? '').equals(plain), gunzipSync(gzip ?? '').equals(plain)])).toEqual([[true, true], [true, true]]); // prettier-ignore
});
