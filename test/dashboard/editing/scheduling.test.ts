/** A version of a form is published at a time, unless something has changed since. */
import { beforeEach, describe, expect, it } from 'vitest';
import { publishingRights } from '../../../src/members/grants.ts';
import { publishLaterJob } from '../../../src/publish/publish-later.ts';
import type { Job } from '../../../src/record/jobs/jobs.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { findScheduled } from '../../../src/record/forms/scheduled-publications.ts';
import { later } from '../../helpers/database.ts';
import { TEXT, here, db, client, openForm, edit, takeOver, publish, titled } from './edited-form.ts';

openForm();

describe('a version that is published at a time', () => {
  beforeEach(takeOver);
  const schedule = async (at: string, more: Record<string, string> = {}) =>
    publish(2, { do: 'schedule', at, zone: 'Asia/Manila', ...more });
  const live = async () => (await client.publisher.source('plain'))?.text;
  /** Runs the job at a time. */
  const run = (at: Date) => publishLaterJob({ db, publisher: client.publisher, rightsOf: (member, form) => publishingRights(db, member, form), now: () => at }).run({ subject: 'plain' } as Job); // prettier-ignore
  const page = async (name: string) => (await client.ask(`${here}/${name}`)).text.replace(/\s+/g, ' ');
  const list = async () => (await client.ask('/admin')).text.replace(/\s+/g, ' ');
  /** The time as a browser sends it, in a zone 8 hours ahead. */
  const inManila = (seconds: number) => new Date(later(seconds).getTime() + 8 * 3_600_000).toISOString().slice(0, 16);

  beforeEach(async () => {
    await edit(titled('Later'), { base: 1 });
  });

  it('is not live before, and live then, with its note and its member', async () => {
    expect((await schedule(inManila(3_600), { note: 'For December' })).location).toBe(`${here}/publish`);
    expect(await page('history')).toMatch(/A version is scheduled by you[^]*Note: <bdi>For December/);
    expect(await page('publish')).toContain('scheduled by you');
    expect(await page('edit')).toContain('scheduled by you');
    expect(await list()).toContain(`A version is scheduled for <time datetime="${later(3_600).toISOString()}"`);
    expect(await run(later(60))).toEqual({ again: expect.any(Date) });
    expect(await live()).toBe(TEXT);
    await run(later(3_660));
    expect(await live()).toBe(titled('Later'));
    expect(await page('history')).toMatch(/Version 2.*For December.*by you/);
    expect(await page('edit')).not.toContain('scheduled by you');
    expect(await list()).not.toContain('is scheduled');
    await run(later(3_720));
    expect(await page('history')).not.toContain('Version 3');
  });

  it('keeps the time that another member chose since the page was opened', async () => {
    expect((await schedule(inManila(3_600), { scheduled: '' })).status).toBe(303);
    expect((await schedule(inManila(3_600), { scheduled: '' })).status).toBe(303);
    const late = await schedule(inManila(7_200), { scheduled: '', note: 'Mine' });
    expect([late.status, (await findScheduled(db, 'plain'))?.at]).toEqual([409, later(3_600).toISOString()]);
    expect(late.text).toMatch(/schedule was changed or canceled in the meantime/);
    expect(late.text).toContain(inManila(7_200));
    expect(late.text).toContain('Mine');
    const shown = /name="scheduled" value="([^"]+)"/.exec(late.text)?.[1] ?? '';
    expect((await schedule(inManila(7_200), { scheduled: shown })).status).toBe(303);
    expect((await findScheduled(db, 'plain'))?.at).toBe(later(7_200).toISOString());
  });

  it('stands above the versions in History, where it can be canceled', async () => {
    await schedule(inManila(3_600));
    expect(await page('history')).toMatch(/scheduled by you for.*Cancel the schedule.*Version 1/);
    const cancel = { do: 'cancel', from: 'history' };
    expect((await client.send(`${here}/publish`, cancel)).location).toBe(`${here}/history`);
    expect(await page('history')).not.toContain('scheduled by you');
  });

  it('is not published over another version, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    const replaces = (await client.publisher.source('plain'))?.hash ?? null;
    await client.publisher.publish({ slug: 'plain', text: titled('Other'), replaces });
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    await run(later(3_660));
    expect(await live()).toBe(titled('Other'));
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    const inList =
      /<a class="tap late row" href="\/admin\/forms\/plain\/history">.*The version for <time .* was not published/;
    expect(await list()).toMatch(inList);
    expect(await list()).not.toContain('is scheduled');
    for (const [role, sees] of [
      ['viewer', false],
      ['owner', true],
    ] as const) {
      await db.query.updateTable('grants').set({ role }).execute();
      expect([role, inList.test(await list())]).toEqual([role, sees]);
    }
    await client.send(`${here}/publish`, { do: 'cancel' });
    expect(await list()).not.toContain('was not published');
    expect(await page('edit')).not.toContain('was not published');
  });

  it('can be read before its time and after it, and a text that was not published can be taken as the draft', async () => {
    await schedule(inManila(3_600));
    const read = `${here}/compare?from=1&to=scheduled`;
    expect(await page('edit')).toContain(`href="${read.replace('&', '&amp;')}"`);
    await edit(titled('Since then'), { base: 2 });
    await db.query.updateTable('grants').set({ role: 'viewer' }).execute();
    await run(later(3_660));
    await db.query.updateTable('grants').set({ role: 'owner' }).execute();
    expect(await page('edit')).toContain('may no longer edit this form. The draft has another text now.');
    const { text } = await client.ask(read);
    expect(text).toContain('From version 1 to the scheduled text');
    expect(text).toMatch(/class="added"[^]*title: Later/);
    expect((await client.ask(`${here}/text.yaml?version=scheduled`)).text).toBe(titled('Later'));

    const take = () => client.send(`${here}/publish`, { do: 'take' });
    expect(await take()).toMatchObject({ status: 409, text: expect.stringContaining('The draft has changes, which would be lost.') }); // prettier-ignore
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('Since then'));
    await edit('', { base: 3, to: 'discard' });
    expect((await take()).location).toBe(`${here}/edit`);
    expect(await findDraft(db, 'plain')).toMatchObject({ text: titled('Later'), title: 'Later' });
    expect(await page('edit')).not.toContain('was not published');
    expect((await client.ask(read)).status).toBe(404);
    expect((await client.ask(`${here}/text.yaml?version=scheduled`)).status).toBe(404);
  });

  it('that was not published says so where the draft has the same text, and where a file has the form', async () => {
    await schedule(inManila(3_600));
    const replaces = (await client.publisher.source('plain'))?.hash ?? null;
    await client.publisher.publish({ slug: 'plain', text: titled('Other'), replaces });
    await run(later(3_660));
    expect(await page('edit')).toContain('The draft still has its text.');
    expect(await page('edit')).not.toContain('Take it as the draft');
    await edit('', { base: 2, to: 'discard' });
    await client.send(`${here}/settings`, { owner: 'files' });
    expect(await page('edit')).toContain('was not published');
    expect((await client.send(`${here}/publish`, { do: 'cancel' })).location).toBe(`${here}/edit`);
    expect(await page('edit')).not.toContain('was not published');
  });

  it('is not published after its member was removed, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    await db.query.deleteFrom('grants').execute();
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect(await findScheduled(db, 'plain')).toMatchObject({ problem: 'The member who scheduled it may no longer edit this form.' }); // prettier-ignore
  });

  it('is not published where it deletes people sooner, and its member is an editor by then', async () => {
    await edit(`${TEXT}retention: 1 days\n`, { base: 2 });
    await publish(3, { do: 'schedule', at: inManila(3_600), zone: 'Asia/Manila', understood: 'yes' });
    await db.query.updateTable('grants').set({ role: 'editor' }).execute();
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect((await findScheduled(db, 'plain'))?.problem).toContain('would delete drafts or submissions sooner');
  });

  it('is not published where it has a new receiver, and its member is an editor by then, who reads the same as at once', async () => {
    await edit(`${TEXT}notify: [{ email: new@acme.example }]\n`, { base: 2 });
    await publish(3, { do: 'schedule', at: inManila(3_600), zone: 'Asia/Manila' });
    await db.query.updateTable('grants').set({ role: 'editor' }).execute();
    const reason = 'This version would send answers to new@acme.example, which is new. Ask an owner to publish it.';
    expect((await publish(3)).text).toContain(reason);
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect(await page('edit')).toContain(`was not published. ${reason}`);
  });

  it('ends when a member publishes another text before its time, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    expect(await page('publish')).toContain(
      'If another version is published or scheduled before, Flipsite does not publish this one.',
    );
    await edit(titled('Earlier'), { base: 2 });
    await publish(3);
    expect(await live()).toBe(titled('Earlier'));
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    await run(later(3_660));
    expect(await live()).toBe(titled('Earlier'));
    await edit(titled('Last'), { base: 3 });
    await publish(4);
    expect(await page('edit')).toContain('was not published');
    await client.send(`${here}/publish`, { do: 'cancel' });
    expect(await page('edit')).not.toContain('was not published');
  });

  it('ends without a word when a member publishes the same text before its time', async () => {
    await schedule(inManila(3_600));
    await publish(2);
    expect(await page('edit')).not.toMatch(/was not published|is scheduled by/);
  });

  it('can be cancelled, and is not published then, unless another member has postponed it since', async () => {
    const shown = async () => /name="scheduled" value="([^"]*)"/.exec(await page('publish'))?.[1] ?? '';
    await schedule(inManila(3_600));
    const first = await shown();
    await schedule(inManila(7_200));
    await client.send(`${here}/publish`, { do: 'cancel', scheduled: first });
    expect((await findScheduled(db, 'plain'))?.at).toBe(await shown());
    await client.send(`${here}/publish`, { do: 'cancel', scheduled: await shown() });
    expect(await findScheduled(db, 'plain')).toBeUndefined();
    await run(later(7_260));
    expect(await live()).toBe(TEXT);
  });

  it('keeps all that the member has entered when it is refused', async () => {
    const at = inManila(3_600);
    const { text } = await schedule(at, { note: 'For "December"', zone: 'Mars' });
    for (const value of ['For &quot;December&quot;', at, 'Mars']) expect(text).toContain(`value="${value}"`);
    // The first page begins with the zone of the browser.
    expect([await page('publish'), text].map((one) => /<input id="zone"[^>]* data-zone/.test(one))).toEqual([
      true,
      false,
    ]);
    expect(text).toMatch(/<details class="more flow" open>/);
    expect(text).toMatch(/<a href="#zone">Enter a time zone/);
    expect(text).toMatch(/<input id="zone"[^>]*aria-invalid="true"/);
    expect(text).toMatch(/<input id="at"(?![^>]*aria-invalid)/);
  });

  it('needs a time that is still to come, and a time zone', async () => {
    for (const [at, more, sentence] of [
      [inManila(-3_600), {}, 'This time has passed'],
      ['soon', {}, 'Enter a date and a time'],
      [inManila(3_600), { zone: 'PST' }, 'Enter a time zone'],
      [inManila(400 * 86_400), {}, 'within a year'],
    ] as const)
      expect(await schedule(at, more), sentence).toMatchObject({
        status: 409,
        text: expect.stringContaining(sentence),
      });
  });
});
