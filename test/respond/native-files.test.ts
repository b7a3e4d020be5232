/** Files in a form that a browser posts whole, without JavaScript. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { docx, jpeg, pdf, png, pngOf } from '../helpers/samples/files.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { ask, type TestSite } from '../helpers/site.ts';
import { eventually, send, stored, type ApiResponse } from '../helpers/api/client.ts';
import { KB, keptBy, openPapers } from '../helpers/api/papers.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openPapers();
});
afterAll(() => site.close());

afterEach(async () => {
  const rows = await site.db.query.selectFrom('files').select('id').where('removed_at', 'is', null).execute();
  expect(keptBy(site)).toEqual(rows.map(({ id }) => id).sort());
});

type Part = [name: string, value: string | File];

/** As a browser posts it; an empty file input sends a file without a name. */
async function post(parts: Part[], path = '/papers'): Promise<ApiResponse> {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  const request = new Request('http://x', { method: 'POST', body: form });
  const type = request.headers.get('content-type') ?? '';
  return send(site, 'POST', path, new Uint8Array(await request.arrayBuffer()), {
    origin: site.origin,
    'content-type': type,
    'user-agent': crypto.randomUUID(),
  });
}

const file = (bytes: Uint8Array, name: string, type = 'application/octet-stream') =>
  new File([new Uint8Array(bytes)], name, { type });
const none = file(new Uint8Array(), '');

const latest = async () => {
  const row = await site.db.query
    .selectFrom('submissions')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return ask<{ status: string; answers: Record<string, string[]>; files: { id: string; field: string; name: string; type: string }[] }>(site, `submissions/${row.id}`); // prettier-ignore
};

async function refused(parts: Part[]): Promise<string> {
  const before = [await stored(site), keptBy(site)];
  const said = await post(parts);
  expect(said.status).toBe(422);
  expect([await stored(site), keptBy(site)]).toEqual(before);
  return said.text;
}

describe('a form posted with files', () => {
  it('is sent in one, with its files', async () => {
    const said = await post([
      ['full_name', 'Ana'],
      ['cv', file(pdf(), 'C:\\fakepath\\Mi cv.pdf')],
      ['cv', file(png(), 'cv.html', 'text/html')],
      ['letter', none],
      ['signed', file(png(), 'me.png')],
    ]);
    expect(said.status).toBe(303);
    const { status, answers, files } = await latest();
    expect(status).toBe('submitted');
    expect(files.map(({ field, name, type }) => [field, name, type])).toEqual([
      ['cv', 'Mi cv.pdf', 'application/pdf'],
      ['cv', 'cv.html.png', 'image/png'],
      ['signed', 'me.png', 'image/png'],
    ]);
    expect([answers['cv'], answers['signed']]).toEqual([files.slice(0, 2).map(({ id }) => id), [files[2]?.id]]);
  });

  it('has no more files than it was posted with, when it is posted twice at once', async () => {
    const form = new FormData();
    form.append('full_name', 'Twice');
    form.append('cv', file(pdf('twice'), 'cv.pdf'));
    const request = new Request('http://x', { method: 'POST', body: form });
    const body = new Uint8Array(await request.arrayBuffer());
    const headers = { origin: site.origin, 'content-type': request.headers.get('content-type') ?? '' };
    const before = (await stored(site))['submissions'] as number;
    const said = await Promise.all([1, 2, 3].map(() => send(site, 'POST', '/papers', body, headers)));
    expect(new Set(said.map((one) => `${one.status} ${one.headers.get('set-cookie')}`)).size).toBe(1);
    expect((await stored(site))['submissions']).toBe(before + 1);
    expect((await latest()).files).toHaveLength(1);
  });

  it('is refused with the field’s own message, by the type in the file', async () => {
    const bad = (bytes: Uint8Array, name = 'cv.pdf') => refused([['full_name', 'Ana'], ['cv', file(bytes, name)]]); // prettier-ignore
    expect(await bad(jpeg)).toContain('Choose a file of one of these kinds: PNG, PDF');
    expect(await bad(Buffer.from('<script>alert(1)</script>'))).toContain('Choose a file of one of these kinds');
    expect(await bad(pngOf(100 * KB + 1))).toContain('Choose a file of 100 kB or less');
    expect(await bad(new Uint8Array())).toContain('Choose another file, because this one is empty');
    expect(
      await refused([
        ['full_name', 'Ana'],
        ['cv', none],
      ]),
    ).toContain('Choose a file');
    expect(await refused([['full_name', 'Ana'], ...['1', '2', '3'].map((text): Part => ['cv', file(pdf(text), 'a.pdf')])])).toContain('Choose 2 files at most'); // prettier-ignore
  });

  it('is refused without a look into the files of a field that has too many', async () => {
    const letters = (count: number) => Array.from({ length: count }, (): Part => ['letter', file(docx(), 'a.docx')]);
    const looks = vi.spyOn(globalThis, 'DecompressionStream');
    onTestFinished(() => looks.mockRestore());
    const parts: Part[] = [
      ['full_name', 'Ana'],
      ['cv', file(jpeg, 'cv.jpg')],
    ];
    const text = await refused([...parts, ...letters(2)]);
    expect(text).toContain('Choose one file only');
    expect(text).toContain('Choose a file of one of these kinds: PNG, PDF');
    expect(looks).not.toHaveBeenCalled();
    await refused([...parts, ...letters(1)]);
    expect(looks).toHaveBeenCalled();
  });

  it('says that a good file has to be chosen again when something else is wrong, in the order of the page', async () => {
    const text = await refused([
      ['full_name', ''],
      ['cv', file(pdf(), 'cv.pdf')],
      ['signed', file(pdf(), 'me.pdf')],
    ]);
    const sentences = ['Enter your name', 'Choose the file again', 'Choose a PNG or JPEG picture of your signature'];
    const places = sentences.map((sentence) => text.indexOf(sentence));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('accepts no typed id in the place of a file, and no file in the place of a text', async () => {
    await refused([
      ['full_name', 'Ana'],
      ['cv', crypto.randomUUID()],
    ]);
    await refused([
      ['full_name', file(pdf(), 'x.pdf')],
      ['cv', file(pdf(), 'cv.pdf')],
    ]);
  });

  it('keeps no file of a hidden or unknown field', async () => {
    const parts: Part[] = [['full_name', 'Ana'], ['cv', file(pdf(), 'cv.pdf')], ['contract', file(pdf('hidden'), 'c.pdf')], ['nothing', file(pdf('unknown'), 'n.pdf')]]; // prettier-ignore
    expect((await post(parts)).status).toBe(303);
    expect((await latest()).files.map(({ field }) => field)).toEqual(['cv']);
  });

  itLong('waits while the server reads too many others, and then gets a message', async () => {
    const most = 2 * 100 * KB + KB * KB + 10 * KB * KB + 5 * KB * KB + 256 * KB;
    const head = `POST /papers HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\norigin: ${site.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${most}\r\n\r\n`;
    const sockets: Socket[] = [];
    const begin = (): Socket => {
      const socket = connect(site.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      socket.write(head);
      return socket;
    };
    for (let one = 0; one < 40; one++) begin();
    const small: Part[] = [['full_name', 'Ana'], ['cv', file(pdf(), 'cv.pdf')]]; // prettier-ignore
    const large: Part[] = [...small, ['nothing', file(new Uint8Array(most - 2 * KB), 'x')]];
    // Bytes that are only announced hold no place.
    expect((await post(large)).status).toBe(303);
    const begun = Buffer.alloc(most - KB);
    begun.write('--x\r\ncontent-disposition: form-data; name="nothing"; filename="x"\r\n\r\n');
    let isOver = false;
    const end = (): void => {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    };
    onTestFinished(end);
    // The server ends a sender that stops for too long. On a busy machine that is before the next request: another one follows.
    const hold = (socket: Socket): void => {
      socket.write(begun);
      socket.on('close', () => {
        if (!isOver) hold(begin());
      });
    };
    for (const socket of sockets.slice(0, 8)) hold(socket);
    const full = await eventually(async () => {
      // A server that refuses a body unread may close the connection while it is still being sent.
      const answer = await post(large).catch(() => undefined);
      return answer?.status === 429 && answer;
    });
    expect(full.body.error).toMatchObject({ code: 'rate_limited', message: expect.stringContaining('then try again') });
    expect((await post(small)).status).toBe(303);
    end();
    await eventually(async () => (await post(large).catch(() => undefined))?.status === 303);
  });

  itLong('may be as large as its files may be, and no larger', async () => {
    const most = 2 * 100 * KB + KB * KB + 10 * KB * KB + 5 * KB * KB + 256 * KB;
    const padding = (bytes: number): Part[] => [['full_name', 'Ana'], ['nothing', file(new Uint8Array(bytes), 'x')], ['cv', file(pdf(), 'cv.pdf')]]; // prettier-ignore
    expect((await post(padding(most - 2 * KB))).status).toBe(303);
    expect((await post(padding(most))).status).toBe(413);
  });
});
