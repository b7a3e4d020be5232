/** A sender that stops in the middle of a body gets an error, and releases its memory. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { removeFolder } from '../../helpers/site.ts';
import { beforePapers, openPapers } from '../../helpers/api/papers.ts';

/** Sends the head of a request and the first bytes of its body, and no more. @returns all that is answered until the connection ends */
async function stopping(port: number, head: string, beginning: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head}\r\nhost: 127.0.0.1:${port}\r\n\r\n${beginning}`);
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  await once(socket, 'close');
  return text;
}

it('a sender that stops is answered with 408, its connection ends, and others get its place', async () => {
  const site = await openPapers();
  try {
    const draft = await beforePapers(site);
    const { port, origin } = site;
    const upload = `POST /api/submissions/${draft.id}/files?field=letter HTTP/1.1\r\nauthorization: Bearer ${draft.token}\r\ncontent-type: application/pdf\r\ncontent-length: 1000000`;
    const uploads = Array.from({ length: SITE_LIMITS.filesOnTheirWayPerSubmission.value }, () =>
      stopping(port, upload, '%PDF-1.4\n'),
    );
    const others = [
      stopping(port, 'POST /api/forms/papers/submissions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 100', '{'), // prettier-ignore
      stopping(port, `POST /admin/sign-in HTTP/1.1\r\norigin: ${origin}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100`, 'email='), // prettier-ignore
      stopping(port, `POST /papers HTTP/1.1\r\norigin: ${origin}\r\naccept: text/html\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 100`, '--x'), // prettier-ignore
    ];
    const told = await Promise.all([...uploads, ...others]);
    expect(told.map((text) => text.slice(0, 13))).toEqual(told.map(() => 'HTTP/1.1 408 '));
    expect(told[0]).toContain('"too_slow"');
    const { status } = await draft.upload('letter', Buffer.from('%PDF-1.4\n%%EOF\n'));
    expect(status).not.toBe(429);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});
