/** Files are refused before they are read where that can be known, and a file that was let in is not refused halfway. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createRates } from '../../src/api/bounds/rates.ts';
import { fileMemory } from '../../src/api/bounds/memory-budget.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { pdf } from '../helpers/samples/files.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { removeFolder } from '../helpers/site.ts';
import { expectRefusal, openSmallSite } from '../helpers/api/client.ts';
import { beforePapers, KB, openPapers } from '../helpers/api/papers.ts';

it('a file that is announced to be too large is refused before a byte of it is sent', async () => {
  const site = await openPapers();
  try {
    const { id, token } = await beforePapers(site);
    const socket = connect(site.port, '127.0.0.1');
    socket.write(
      `POST /api/submissions/${id}/files?field=cv HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/pdf\r\ncontent-length: ${100 * KB + 1}\r\n\r\n`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});

const LARGE = `
title: Large
screens: [{ id: only, title: Only, fields: [{ id: cv, type: file, label: CV, max_size: 25 MB, max_files: 10 }] }]
endings: [{ id: done, title: Thanks }]
`;

it('a form that a browser posts counts for the files of its address, and one too many is refused before it is read', async () => {
  const site = await openSmallSite({ forms: { large: LARGE }, env: { RATE_LIMIT: 'on' } });
  try {
    const bytes = SITE_LIMITS.formPostBytes.value;
    const posts = Array.from({ length: SITE_LIMITS.fileBytesPerAddressAndDay.value / bytes + 1 }, () => {
      const socket = connect(site.port, '127.0.0.1');
      socket.write(
        `POST /large HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\norigin: ${site.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${bytes}\r\n\r\n`,
      );
      return socket;
    });
    const [answer] = await Promise.race(posts.map((socket) => once(socket, 'data')));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 429 /);
    for (const socket of posts) socket.destroy();
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});

it('a file on its way to a bucket keeps its place, also when others have taken half of the room', async () => {
  const s3 = await startS3();
  const site = await openPapers({ bucket: s3.bucket });
  try {
    const draft = await beforePapers(site);
    await fileMemory(async (hold) => {
      hold(SITE_LIMITS.filesInMemoryBytes.value / 2);
      expect((await draft.upload('cv', pdf())).status).toBe(201);
      hold(1);
      expectRefusal(await draft.upload('cv', pdf()), 429, 'rate_limited');
    });
  } finally {
    await site.close();
    await s3.stop();
    removeFolder(site.folder);
  }
});

it('share one limit of requests and of wrong tokens among the addresses of an IPv6 network', async () => {
  const { address: call, guess } = createRates();
  const network = (n: number) => `2001:db8:1:${n.toString(16)}::/64`;
  const refusedOf = async (limit: typeof call, each: number) => {
    let refused = 0;
    for (let host = 0; host <= SITE_LIMITS.networkTimes.value; host++)
      for (let n = 0; n < each; n++) refused += Number(limit(network(host)) > 0);
    return refused;
  };
  expect(await refusedOf(guess, SITE_LIMITS.wrongTokensPerAddressAndMinute.value)).toBe(
    SITE_LIMITS.wrongTokensPerAddressAndMinute.value,
  );
  expect(await refusedOf(call, SITE_LIMITS.requestsPerAddressAndMinute.value)).toBe(
    SITE_LIMITS.requestsPerAddressAndMinute.value,
  );
});
