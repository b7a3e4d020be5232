/** A test for each limit in `STORAGE_LIMITS`. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { StatsFs } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { expect, vi } from 'vitest';
import { createFileTraffic } from '../../src/api/bounds/file-traffic.ts';
import { SMALL_BODY_BYTES } from '../../src/api/body.ts';
import { fileMemory, readMemory } from '../../src/api/bounds/memory-budget.ts';
import { createRates } from '../../src/api/bounds/rates.ts';
import { failureLog } from '../../src/api/errors.ts';
import { limitAnswerBytes, submissionBytes } from '../../src/api/bounds/limit-requests.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { FileFault } from '../../src/record/files/fault.ts';
import { addFile, markFileRemoved, writeBytes } from '../../src/record/files/files.ts';
import { findFreeSpace, shortage, spaceIn } from '../../src/record/files/free-space.ts';
import { smileLog } from '../../src/site/smile-log.ts';
import { inTime } from '../../src/site-limits/counting/slow-bodies.ts';
import { boundWarnings } from '../../src/site-limits/log-lines.ts';
import { streamOf } from '../../src/record/files/stream.ts';
import { draftLimitError, publicationLimitError } from '../../src/record/forms/text-bounds.ts';
import { newId } from '../../src/record/ids.ts';
import { createAnswered } from '../../src/record/submissions/submissions.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { retentionJob } from '../../src/respond/erase.ts';
import { rehearseForm } from '../../src/respond/rehearsal/rehearse-form.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import type { STORAGE_LIMITS } from '../../src/site-limits/storage-limits.ts';
import { eventually, expectRefusal, send } from '../helpers/api/client.ts';
import { beforePapers, openPapers, type PaperDraft } from '../helpers/api/papers.ts';
import { signedIn } from '../helpers/visitor.ts';
import { docx, largePng, pdf, WORD_TYPES, zip } from '../helpers/samples/files.ts';
import { ask, removeFolder, type TestSite } from '../helpers/site.ts';
import type { Scenario } from './scenario.ts';

const DAY_MS = 86_400_000;

/** Runs `run` on a site with the form of papers. */
async function onSite(run: (site: TestSite) => Promise<void>, now?: () => Date): Promise<void> {
  const site = await openPapers(now && { now });
  try {
    await run(site);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
}

/** Begins an upload that never ends. @returns whether it is refused, once that is known */
async function beginUpload(
  site: TestSite,
  { id, token }: PaperDraft,
): Promise<{ refused: Promise<string>; end(): void }> {
  const socket = connect(site.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `POST /api/submissions/${id}/files?field=cv HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/pdf\r\ncontent-length: 50000\r\n\r\n%PDF-1.4\n`,
  );
  const refused = once(socket, 'data').then(([data]) => String(data));
  return { refused: refused.catch(() => ''), end: () => socket.destroy() };
}

/** `most` uploads of these drafts are on their way at once, and one more is refused; all goes on once they have ended. */
async function expectAtOnce(site: TestSite, drafts: PaperDraft[], most: number): Promise<void> {
  const uploads: Awaited<ReturnType<typeof beginUpload>>[] = [];
  for (let at = 0; at <= most; at++) uploads.push(await beginUpload(site, drafts[at % drafts.length]!));
  const said = await Promise.race(uploads.map(({ refused }) => refused));
  expect(said).toMatch(/^HTTP\/1\.1 429 /);
  expect(said).toContain('"code":"rate_limited"');
  expect(said).toMatch(/retry-after: \d/i);
  const [draft] = drafts;
  expectRefusal(await draft!.upload('cv', pdf()), 429, 'rate_limited');
  for (const { end } of uploads) end();
  await eventually(async () => (await draft!.upload('cv', pdf())).status === 201);
}

/** A file of the draft as the database has it, without its bytes. */
async function noteFile(site: TestSite, draft: PaperDraft, size: number, type = 'application/pdf'): Promise<string> {
  const id = newId(new Date());
  const about = { field: 'letter', name: 'a', type, sha256: '' };
  await addFile(site.db, { id, submissionId: draft.id, size, ...about }, new Date());
  return id;
}

const HALF = SITE_LIMITS.filesInMemoryBytes.value / 2;

/** Whether others can begin nothing, after so many bytes of an upload came while so many were `left` for new files. */
const keepsOthersOut = (arrived: number, left: number): Promise<boolean> =>
  fileMemory(async (hold) => {
    hold(HALF - left);
    const caller = { address: '203.0.113.7', submission: newId(new Date()) };
    return createFileTraffic(true).receive(caller, async (place) => {
      place.moved(arrived);
      return fileMemory(async (reserve) => reserve(1), '203.0.113.8').then(() => false, () => true); // prettier-ignore
    });
  });

/** Lets one sender hold all the memory for new files, and another one begin after so many ms. @returns how both end */
async function whenOthersWait(afterMs: number, bytesASecond: number): Promise<[sender: string, other: string]> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  async function* body() {
    for (let second = 1; second <= 60; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      if (bytesASecond > 0) yield Buffer.alloc(bytesASecond);
    }
  }
  const endOf = (work: Promise<unknown>) => work.then(() => 'done', (error: Error) => error.constructor.name); // prettier-ignore
  try {
    const sending = endOf(
      fileMemory(async (reserve, place) => {
        reserve(HALF + 1);
        for await (const _chunk of inTime(body(), 9_000_000, place));
      }, '203.0.113.7'),
    );
    await vi.advanceTimersByTimeAsync(afterMs);
    const other = await endOf(fileMemory(async (reserve) => reserve(1), '203.0.113.8'));
    await vi.advanceTimersByTimeAsync(61_000);
    return [await sending, other];
  } finally {
    vi.useRealTimers();
  }
}

/** Sends the beginning of a request. @returns its answer */
async function slowly(site: TestSite, head: string, start: string): Promise<string> {
  const socket = connect(site.port, '127.0.0.1');
  socket.write(`${head}\r\nhost: 127.0.0.1:${site.port}\r\n\r\n${start}`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

/** Reads one chunk of an endless file. @returns the error that ends it */
async function readSlowly(): Promise<string> {
  async function* chunks() {
    for (;;) yield Buffer.from('x');
  }
  const caller = { address: '203.0.113.9', submission: newId(new Date()) };
  const reader = (await createFileTraffic(true).send(caller, async () => chunks()))?.getReader();
  await reader?.read();
  return String(await reader?.closed.catch(String));
}

export const storageScenarios: Record<keyof typeof STORAGE_LIMITS, Scenario> = {
  filesInMemoryBytes: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const headers = { origin: site.origin, 'content-type': 'application/x-www-form-urlencoded' };
      const post = async (bytes: number) => (await send(site, 'POST', '/papers', 'x='.padEnd(bytes, 'x'), headers)).status; // prettier-ignore
      await fileMemory(async (hold) => {
        hold(SITE_LIMITS.filesInMemoryBytes.value / 2);
        expect((await draft.upload('cv', pdf())).status).toBe(201);
        hold(1);
        expectRefusal(await draft.upload('cv', pdf()), 429, 'rate_limited');
        expect([await post(SMALL_BODY_BYTES), await post(SMALL_BODY_BYTES + 1)]).toEqual([422, 429]);
        expect(() => hold(SITE_LIMITS.filesInMemoryBytes.value / 2)).toThrow('rate_limited');
      });
      expect((await draft.upload('cv', pdf())).status).toBe(201);
    }),
  async filesInMemoryPerAddressBytes() {
    const most = SITE_LIMITS.filesInMemoryPerAddressBytes.value;
    await fileMemory(async (first) => {
      // One alone can be larger.
      first(most + 1);
      await fileMemory(async (other) => other(1), '203.0.113.8');
      await expect(fileMemory(async (second) => second(1), '203.0.113.7')).rejects.toThrow('rate_limited');
      await fileMemory(async (other) => other(1), '203.0.113.9');
    }, '203.0.113.7');
    // Bytes that a store holds count for the client whose work it is.
    const stored = (bytes: number) => fileMemory(() => fileMemory.further(async (hold) => (hold(bytes), otherWork())), '203.0.113.7'); // prettier-ignore
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => stored(most / 4)));
    expect(results.map(({ status }) => status)).toEqual([...Array.from({ length: 4 }, () => 'fulfilled'), 'rejected']);
  },
  async fileReadsInMemoryBytes() {
    const most = SITE_LIMITS.fileReadsInMemoryBytes.value;
    await readMemory(async (hold) => {
      hold(most / 2 + 1);
      await expect(readSlowly()).rejects.toThrow('rate_limited');
      // Files that people send are not kept out.
      await fileMemory(async (reserve) => reserve(1));
      expect(() => hold(most / 2)).toThrow('rate_limited');
    });
  },
  async fileReadsInMemoryPerAddressBytes() {
    const most = SITE_LIMITS.fileReadsInMemoryPerAddressBytes.value;
    await readMemory(async (first) => {
      first(most);
      await expect(readMemory(async (second) => second(1), '203.0.113.7')).rejects.toThrow('rate_limited');
      await readMemory(async (other) => other(1), '203.0.113.8');
    }, '203.0.113.7');
  },
  async memoryPerFileBytes() {
    const most = SITE_LIMITS.memoryPerFileBytes.value;
    expect([await keepsOthersOut(9_000_000, most), await keepsOthersOut(9_000_000, most - 1)]).toEqual([false, true]);
  },
  async memoryPerSilentUploadBytes() {
    const first = SITE_LIMITS.memoryPerSilentUploadBytes.value;
    expect([await keepsOthersOut(0, first), await keepsOthersOut(0, first - 1)]).toEqual([false, true]);
    expect([await keepsOthersOut(500, first + 1_000), await keepsOthersOut(500, first + 999)]).toEqual([false, true]);
  },
  filesOnTheirWayPerAddress: () =>
    onSite(async (site) => {
      const drafts: PaperDraft[] = [];
      for (let at = 0; at < 8; at++) drafts.push(await beforePapers(site));
      await expectAtOnce(site, drafts, SITE_LIMITS.filesOnTheirWayPerAddress.value);
    }),
  filesOnTheirWayPerSubmission: () =>
    onSite(async (site) => {
      await expectAtOnce(site, [await beforePapers(site)], SITE_LIMITS.filesOnTheirWayPerSubmission.value);
    }),
  async placeRenewalMs() {
    const least = HALF / (SITE_LIMITS.placeRenewalMs.value / 1_000);
    expect(await whenOthersWait(40_500, Math.ceil(least * 1.05))).toEqual(['done', 'ApiException']);
    expect(await whenOthersWait(40_500, Math.ceil(least / 2))).toEqual(['TooSlow', 'done']);
  },
  async slowPlaceMs() {
    const most = SITE_LIMITS.slowPlaceMs.value;
    expect(await whenOthersWait(most - 500, 0)).toEqual(['TooSlow', 'ApiException']);
    expect(await whenOthersWait(most + 500, 0)).toEqual(['TooSlow', 'done']);
    // The same over HTTP, for a file, a form with a file, and a reader.
    await onSite(async (site) => {
      const draft = await beforePapers(site);
      const sending = (head: string, start: string) => () => slowly(site, head, start);
      const upload = `POST /api/submissions/${draft.id}/files?field=cv HTTP/1.1\r\nauthorization: Bearer ${draft.token}\r\ncontent-length: 50000`;
      const post = `POST /papers HTTP/1.1\r\norigin: ${site.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 90000`;
      // Read before it is refused, so it needs a place.
      const uploadOther = async () => (await draft.upload('cv', Buffer.from('no file'))).status === 415;
      const readOther = () => readMemory(async (reserve) => (reserve(1), true)).catch(() => false);
      const ways = [
        { memory: fileMemory, half: HALF, begin: sending(upload, '%PDF-1.4\n'), other: uploadOther },
        { memory: fileMemory, half: HALF, begin: sending(post, '--x\r\n'), other: uploadOther },
        { memory: readMemory, half: SITE_LIMITS.fileReadsInMemoryBytes.value / 2, begin: readSlowly, other: readOther },
      ];
      for (const { memory, half, begin, other } of ways) {
        const isCrowded = () => memory(async (reserve) => reserve(1)).then(() => false, () => true); // prettier-ignore
        await memory(async (hold) => {
          hold(half);
          const ended = begin();
          await eventually(isCrowded);
          let laterMs = 0;
          const clock = performance.now.bind(performance);
          const later = vi.spyOn(performance, 'now').mockImplementation(() => clock() + laterMs);
          await eventually(async () => {
            laterMs += most + 1;
            return other();
          });
          later.mockRestore();
          expect(await ended).toMatch(/too_slow|not read in time/);
        });
      }
    });
  },
  readEntriesPerFile: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const most = SITE_LIMITS.readEntriesPerFile.value;
      const letter = (before: number) => {
        const others = Object.fromEntries(Array.from({ length: before }, (_, at) => [`customXml/item${at}.xml`, 'x']));
        return draft.upload('letter', zip({ ...others, '[Content_Types].xml': WORD_TYPES }));
      };
      expectRefusal(await letter(most), 415, 'unsupported_type');
      expect((await letter(most - 1)).status).toBe(201);
    }),
  typeEntryBytes: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const most = SITE_LIMITS.typeEntryBytes.value;
      const letter = (bytes: number) =>
        draft.upload('letter', docx({ '[Content_Types].xml': WORD_TYPES.padEnd(bytes) }));
      expectRefusal(await letter(most + 1), 415, 'unsupported_type');
      expect((await letter(most)).status).toBe(201);
    }),
  async fileReadMs() {
    async function* chunks() {
      for (;;) yield Buffer.from('x');
    }
    let ended = 0;
    const reader = streamOf(chunks(), { maxMs: 1, ended: () => ended++ }).getReader();
    await expect(reader.closed).rejects.toThrow('not read in time');
    expect(ended).toBe(1);
  },
  freeDiskBytes: () =>
    onSite(async (site) => {
      const folder = path.join(site.folder, 'data', 'files');
      const { freeBytes, minFreeBytes } = (await findFreeSpace(folder))!;
      expect(minFreeBytes).toBeLessThanOrEqual(SITE_LIMITS.freeDiskBytes.value);
      const id = newId(new Date());
      const writing = (keep: number) => writeBytes(site.db, diskStore(folder, keep), id, [pdf()]);
      await expect(writing(freeBytes * 2)).rejects.toMatchObject({ name: 'FileFault', kind: 'full' });
      await writing(1);

      // Some disks take no further file long before their bytes are used up, as with thousands of small ones.
      const disk = { bsize: 4_096, blocks: 10_000_000, bavail: 5_000_000, files: 1_000_000 } as StatsFs;
      expect(shortage(spaceIn({ ...disk, ffree: 50_000 })!)).toBeUndefined();
      expect(shortage(spaceIn({ ...disk, ffree: 49_999 })!)).toMatch(/^has room for 49999 more files/);
      expect(shortage(spaceIn({ ...disk, files: 0, ffree: 0 })!)).toBeUndefined();
      expect(shortage(spaceIn({ ...disk, ffree: 50_000, bavail: 100_000 })!)).toMatch(/^has 390.6 MB left/);
    }),
  async failedRequestsInLogPerMinute() {
    const most = SITE_LIMITS.failedRequestsInLogPerMinute.value;
    const lines: object[] = [];
    let time = Date.now();
    const logError = failureLog({ error: (line: object) => void lines.push(line) } as Pick<Logger, 'error'>, () => new Date(time)); // prettier-ignore
    const request = { method: 'POST', path: '/api/submissions/id/files', requestId: 'KP4TW7HXCD' };
    const fail = (error: Error) => logError(error, request);
    for (let n = 0; n < most + 5; n++) fail(new FileFault('full', undefined));
    expect(lines).toHaveLength(most);
    // Another cause has its own lines.
    fail(new Error('A bug.'));
    expect(lines).toHaveLength(most + 1);
    time += 60_000;
    fail(new FileFault('full', undefined));
    expect(lines).toHaveLength(most + 2);
    // A line is short, however long the path is.
    time += 60_000;
    logError(new Error('broken'), { method: 'GET', path: `/${'x'.repeat(2_000)}`, requestId: '' });
    expect(JSON.stringify(lines.at(-1)).length).toBeLessThan(1_000);
    // So have requests to Smile.
    const calls: object[] = [];
    const logCall = smileLog({ warn: (line: object) => void calls.push(line), debug: expect.unreachable }, () => new Date(time)); // prettier-ignore
    const call = { operation: 'GET /accounts', tookMs: 9, missing: [] };
    for (let n = 0; n < most + 5; n++) logCall({ ...call, failure: 'unavailable' });
    expect(calls).toHaveLength(most);
    logCall({ ...call, failure: 'timeout' });
    logCall({ ...call, missing: ['account.status'] });
    expect(calls).toHaveLength(most + 2);
    // So has each warning about requests that go on.
    const warnings: string[] = [];
    const { warn } = boundWarnings({ warn: (_, message) => void warnings.push(message) }, () => new Date(time));
    for (let n = 0; n < most + 5; n++) warn({}, 'Could not remove the bytes of deleted files');
    warn({}, 'Smile did not issue a link token');
    expect(warnings).toHaveLength(most + 1);
    // So have emails and webhooks; see test/deliver/webhooks.test.ts.
    // So have pages of the dashboard, which anyone can ask for.
    const stopped = new Date();
    await onSite(
      async (site) => {
        await sql`alter table members rename to away`.execute(site.db.query);
        const failed = await Promise.all(Array.from({ length: most + 5 }, () => send(site, 'GET', '/admin')));
        expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([500]));
        expect(site.logged().split('A request failed')).toHaveLength(most + 1);
      },
      () => stopped,
    );
  },
  fileBytesPerSubmission: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const large = await noteFile(site, draft, SITE_LIMITS.fileBytesPerSubmission.value - pdf().length);
      expect((await draft.upload('cv', pdf())).status).toBe(201);
      const said = await draft.upload('cv', pdf());
      expectRefusal(said, 413, 'too_large');
      expect(said.body.error.fields.cv).toBe(
        'There is no room for another file here. Remove a file, or choose a smaller one.',
      );
      await draft.remove(large);
      expect((await draft.upload('cv', pdf())).status).toBe(201);
    }),
  filesEverPerSubmission: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const ids: string[] = [];
      for (let at = 1; at < SITE_LIMITS.filesEverPerSubmission.value; at++) ids.push(await noteFile(site, draft, 1));
      await markFileRemoved(site.db, ids, new Date());
      expect((await draft.upload('cv', pdf())).status).toBe(201);
      const said = await draft.upload('cv', pdf());
      expectRefusal(said, 422, 'too_many_files');
      // To remove a file would not help.
      expect(said.body.error.fields.cv).toBe('There is no room for another file here.');
    }),
  async fileBytesPerAddressAndDay() {
    const { count } = createFileTraffic(true);
    const most = SITE_LIMITS.fileBytesPerAddressAndDay.value;
    const refused = expect.objectContaining({ error: expect.objectContaining({ code: 'rate_limited' }) });
    const first = count('203.0.113.7', most - 10, 0);
    // Refused before a byte of it is read.
    expect(() => count('203.0.113.7', 11, 0)).toThrow(refused);
    const unannounced = count('203.0.113.7', undefined, 0);
    unannounced.add(10);
    expect(() => unannounced.add(1)).toThrow(refused);
    count('203.0.113.8', 1, 0);
    // Announced bytes that never came do not count.
    first.add(1);
    first.end();
    count('203.0.113.7', most - 11, 0);
    expect(() => count('203.0.113.7', 1, 0)).toThrow(refused);
    // Each file counts 8 kB more, however small it is.
    const small = count('203.0.113.9', most - 16_385, 1);
    small.addFiles(1);
    count('203.0.113.9', 1, 0);
    expect(() => count('203.0.113.9', 3, 1)).toThrow(refused);
    small.end();
    expect(() => count('203.0.113.9', most - 16_384, 0)).toThrow(refused);
    count('203.0.113.9', most - 16_385, 0);
  },
  async answerBytesPerAddressAndDay() {
    const most = SITE_LIMITS.answerBytesPerAddressAndDay.value;
    const { answerBytes } = createRates();
    const save = (bytes: number, isStored = true, address = '203.0.113.7') =>
      limitAnswerBytes(answerBytes, address, bytes, async () => isStored, Boolean);
    // Each counts 1.6 kB more.
    await save(most - 4_200);
    await save(1_000, false);
    await save(1_000);
    await expect(save(0)).rejects.toThrow('rate_limited');
    await save(0, true, '203.0.113.8');
    // A small save of a large submission counts with the size of the submission, once.
    const twice = (stored: number) => async (before: (bytes: number) => void) => (before(stored), before(stored), true);
    const saveIn = (stored: number) => limitAnswerBytes(answerBytes, '203.0.113.9', 100, twice(stored), Boolean);
    await saveIn(most - 4_200);
    await expect(saveIn(1_001)).rejects.toThrow('rate_limited');
    await saveIn(1_000);
    // A start counts 3.5 kB more, and the rows of its webhook.
    const webhook = 'https://acme.example/hook';
    const form = { notify: [{ webhook, when: 'submitted' as const }] };
    const start = (bytes: number) => limitAnswerBytes(answerBytes, '203.0.113.10', bytes, async () => true, Boolean, submissionBytes(form)); // prettier-ignore
    await start(most - 2 * (3_500 + 2_000 + 3 * webhook.length));
    await expect(start(1)).rejects.toThrow('rate_limited');
    await start(0);
  },
  unsentDraftDays() {
    const begun = new Date();
    let now = begun;
    return onSite(
      async (site) => {
        const draft = await beforePapers(site);
        const { run } = retentionJob({ ...site, files: diskStore(path.join(site.folder, 'data', 'files')), now: () => now, log: console }); // prettier-ignore
        const erasedAt = async () => (await ask<{ erasedAt: string | null }>(site, `submissions/${draft.id}`)).erasedAt;
        const touched = Date.now();
        now = new Date(touched + SITE_LIMITS.unsentDraftDays.value * DAY_MS - 60_000);
        await run({ dueAt: now.toISOString() } as Job);
        expect(await erasedAt()).toBeNull();
        now = new Date(touched + SITE_LIMITS.unsentDraftDays.value * DAY_MS + 60_000);
        await run({ dueAt: now.toISOString() } as Job);
        expect(await erasedAt()).not.toBeNull();
      },
      // After a jump of its own clock, the site's own job would pause.
      () => begun,
    );
  },
  rehearsedDrafts: () =>
    onSite(async (site) => {
      const { form, version } = site.catalog.current('papers')!;
      const most = SITE_LIMITS.rehearsedDrafts.value;
      const addDrafts = (count: number) =>
        site.db.transaction(async (trx) => {
          const input = {
            form: 'papers',
            version,
            language: 'en',
            params: {},
            answers: { full_name: 'Ana' },
            now: new Date(),
          };
          for (let added = 0; added < count; added++) await createAnswered(trx, input);
        });
      const rehearsal = () => rehearseForm({ ...site, now: () => new Date() }, form, form);
      await addDrafts(most);
      expect(await rehearsal()).toMatchObject({ tried: { drafts: most }, hasMoreDrafts: false });
      await addDrafts(1);
      expect(await rehearsal()).toMatchObject({ tried: { drafts: most }, hasMoreDrafts: true });
    }),
  async publicationsPerForm() {
    const most = SITE_LIMITS.publicationsPerForm.value;
    const passed = (publications: number) => publicationLimitError({ publications, formBytes: 0, siteBytes: 0 }, 1);
    expect([passed(most - 1), passed(most)]).toEqual([undefined, expect.stringContaining('This form has 2,000')]);
  },
  async publishedBytesPerForm() {
    const most = SITE_LIMITS.publishedBytesPerForm.value;
    const passed = (bytes: number) => publicationLimitError({ publications: 1, formBytes: most - 9, siteBytes: most }, bytes); // prettier-ignore
    expect([passed(9), passed(10)]).toEqual([undefined, expect.stringContaining('versions of this form')]);
  },
  async publishedBytes() {
    const most = SITE_LIMITS.publishedBytes.value;
    const passed = (bytes: number) => publicationLimitError({ publications: 1, formBytes: 0, siteBytes: most - 9 }, bytes); // prettier-ignore
    expect([passed(9), passed(10)]).toEqual([undefined, expect.stringContaining('versions of all forms')]);
  },
  async formDrafts() {
    const most = SITE_LIMITS.formDrafts.value;
    const passed = (drafts: number) => draftLimitError({ drafts, bytes: 0 }, 1);
    expect([passed(most - 1), passed(most)]).toEqual([undefined, expect.stringContaining('This site has 2,000')]);
  },
  async formDraftBytes() {
    const most = SITE_LIMITS.formDraftBytes.value;
    const passed = (bytes: number) => draftLimitError({ drafts: 1, bytes: most - 9 }, bytes);
    expect([passed(9), passed(10)]).toEqual([undefined, expect.stringContaining('drafts of all forms')]);
  },
  shownPicturePixels: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const member = await signedIn(site);
      const previewOf = async (bytes: Buffer) => {
        const { body } = await draft.upload('cv', bytes);
        return (await member(`/admin/forms/papers/people/${draft.id}/files/${body.id}?preview`)).text;
      };
      const height = SITE_LIMITS.shownPicturePixels.value / 5_000;
      expect(await previewOf(largePng(5_000, height))).toContain('PNG');
      expect(await previewOf(largePng(5_000, height + 1))).toMatch(/^<svg/);
    }),
  shownPicturesPerPage: () =>
    onSite(async (site) => {
      const draft = await beforePapers(site);
      const member = await signedIn(site);
      const most = SITE_LIMITS.shownPicturesPerPage.value;
      for (let at = 0; at <= most; at++) await noteFile(site, draft, 1, 'image/png');
      const { text } = await member(`/admin/forms/papers/people/${draft.id}`);
      expect(text.match(/\?preview"/g)).toHaveLength(most);
    }),
};
