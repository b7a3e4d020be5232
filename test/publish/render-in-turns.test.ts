/** Pages are rendered one after another, and so are those of one client and another. */
import { expect, it } from 'vitest';
import { renderInTurns } from '../../src/publish/rendering/render-in-turns.ts';
import { answerAs, asSite } from '../../src/site-limits/counting/current-client.ts';

const request = new Request('http://internal/render/view');

it('renders one page after another, with other work between them, and goes on after one that fails', async () => {
  const done: string[] = [];
  const render = renderInTurns((_, { view }) => {
    done.push(`begin ${String(view)}`);
    if (String(view) === '2') return Promise.reject(new Error('It cannot be rendered.'));
    return Promise.resolve(new Response(new ReadableStream({
      pull(controller) {
        done.push(`end ${String(view)}`);
        controller.enqueue(new TextEncoder().encode(`page ${String(view)}`));
        controller.close();
      },
    }, { highWaterMark: 0 }), { status: 201, headers: { etag: '"a"' } })); // prettier-ignore
  });
  const turn = () => done.length < 5 && setImmediate(() => (done.push('turn'), turn()));
  const pages = [1, 2, 3].map((view) => render(request, { view } as unknown as App.Locals));
  turn();
  const answers = await Promise.allSettled(pages);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const third = answers[2]?.status === 'fulfilled' ? answers[2].value : undefined;
  expect([await third?.text(), third?.status, third?.headers.get('etag')]).toEqual(['page 3', 201, '"a"']);
  expect(done.filter((one) => one !== 'turn')).toEqual(['begin 1', 'end 1', 'begin 2', 'begin 3', 'end 3']);
  expect(done.slice(0, done.indexOf('begin 3'))).toContain('turn');
});

it('renders few pages of a client with many before those of others, and before one for everyone', async () => {
  const done: string[] = [];
  const render = renderInTurns((_, { view }) => {
    done.push(String(view));
    return Promise.resolve(new Response(''));
  });
  const ask = (view: string) => render(request, { view } as unknown as App.Locals);
  const many = answerAs('203.0.113.7', () => {
    const own = Array.from({ length: 20 }, (_, n) => ask(`one of many ${n}`));
    return [...own, asSite(() => ask('for everyone'))];
  });
  const other = answerAs('203.0.113.8', () => ask('of another client'));
  await Promise.all([...many, other]);
  expect(done).toHaveLength(22);
  expect(done.slice(0, 4)).toEqual(expect.arrayContaining(['for everyone', 'of another client']));
});
