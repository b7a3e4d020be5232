/** Tells open pages of Results that there are new numbers, as Server-Sent Events. A message has no number, so the page asks again. */
import { streamSSE } from 'hono/streaming';
import type { Database } from '../../record/db/database.ts';
import { revisionsOf } from '../../record/results/revisions.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { memberOf, param, type DashboardContext } from '../context.ts';
import { notFound, tooManyAtOnce } from '../http/page.ts';
import { stillMay } from '../sign-in/session.ts';

/** How soon the first page learns of numbers that any server has counted. One query serves all pages of a server. */
const LOOK_MS = 1_000;

/** The time between the messages to two pages about a change. Each page then asks for its numbers, which takes some 30 ms. */
const BETWEEN_PAGES_MS = 200;

/**
 * The server sends this often a sign that the stream works. The page asks for its numbers then too, because time alone
 * changes some: a person who may still finish has left half an hour later. The script of the page knows this time.
 */
const BEAT_MS = 15_000;

/** After the end of a stream, a browser opens another one this much later. */
const RETRY_MS = 3_000;

export interface LiveResults {
  /**
   * Adds an open page. Undefined where the member or the site has too many.
   * @returns `next` waits for new numbers, or for `BEAT_MS` without any; it resolves to undefined when the site stops
   */
  follow(form: string, member: string): { next(): Promise<'changed' | 'beat' | undefined>; end(): void } | undefined;
  /** Ends all streams, and each new one at once. */
  close(): void;
}

interface Follower {
  form: string;
  /** There are new numbers that the page has no message about yet. */
  isDue: boolean;
  wake?: (() => void) | undefined;
}

export function openLiveResults(db: Database, logError: (error: unknown) => void): LiveResults {
  const followers = new Set<Follower>();
  const known = new Map<string, number>();
  const ofMember = createConcurrencyCounter(SITE_LIMITS.resultStreamsPerMember.value);
  const ofSite = createConcurrencyCounter(SITE_LIMITS.resultStreams.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    const forms = [...new Set([...followers].map(({ form }) => form))];
    const revisions = await revisionsOf(db, forms);
    for (const follower of followers) {
      const { form } = follower;
      // At the first look, there may have been a change since the page was opened.
      if (known.get(form) === (revisions.get(form) ?? 0)) continue;
      follower.isDue = true;
      follower.wake?.();
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_PAGES_MS).unref());
    }
    for (const form of forms) known.set(form, revisions.get(form) ?? 0);
  }

  function schedule(): void {
    if (timer || isClosed) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (!followers.size) return known.clear();
      void look().catch(logError).finally(schedule);
    }, LOOK_MS).unref();
  }

  return {
    follow(form, member) {
      const release = acquire([
        { key: member, counter: ofMember },
        { key: '', counter: ofSite },
      ]);
      if (!release) return undefined;
      const follower: Follower = { form, isDue: false };
      followers.add(follower);
      schedule();
      return {
        async next() {
          if (!follower.isDue && !isClosed) {
            await new Promise<void>((wake) => {
              const beat = setTimeout(wake, BEAT_MS).unref();
              follower.wake = () => (clearTimeout(beat), wake());
            });
          }
          const reason = follower.isDue ? 'changed' : 'beat';
          follower.isDue = false;
          return isClosed ? undefined : reason;
        },
        end() {
          if (!followers.delete(follower)) return;
          release();
          follower.wake?.();
        },
      };
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const { wake } of followers) wake?.();
    },
  };
}

/** A message for each change. The stream ends with the session, with the role, and with the site. */
export function followResults(c: DashboardContext): Response | Promise<Response> {
  const { live, log } = c.var.options;
  const form = param(c, 'slug');
  // nginx would keep the messages back until there are many.
  c.header('x-accel-buffering', 'no');
  if (c.req.method === 'HEAD') return c.body(null);
  if (!live) return notFound(c);
  const following = live.follow(form, memberOf(c).id);
  if (!following) return tooManyAtOnce(c);
  const maySee = stillMay(c, 'seeResults', form);
  return streamSSE(c, async (stream) => {
    stream.onAbort(following.end);
    try {
      await stream.write(`retry: ${RETRY_MS}\n\n`);
      let data: string | undefined = 'beat';
      while (data && !stream.aborted && (await maySee())) {
        await stream.writeSSE({ data });
        data = await following.next();
      }
    } catch (error) {
      log?.warn({ err: error }, 'A stream of results has ended early');
    } finally {
      following.end();
    }
  });
}
