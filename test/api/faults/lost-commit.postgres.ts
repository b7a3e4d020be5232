/** A file whose row was stored, though the answer that said so was lost on its way from PostgreSQL. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { pdf } from '../../helpers/samples/files.ts';
import { createDatabase, startPostgres } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { expectRefusal } from '../../helpers/api/client.ts';
import { beforePapers, bytesOf, keptBy, openPapers } from '../../helpers/api/papers.ts';

const left: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of left.splice(0).reverse()) await step();
});

/** Passes everything on, until `cutting`: then a transaction with `word` in it is committed, and its connection cut before the answer. */
async function wireTo(url: string, word: string) {
  const { hostname, port } = new URL(url);
  const wire = { cutting: false, url: '' };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let [holds, ends] = [false, false];
    near.on('data', (bytes) => {
      holds ||= wire.cutting && bytes.includes(word);
      ends ||= holds && bytes.includes('commit\0');
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!ends) near.write(bytes);
      else if (bytes.includes('COMMIT\0')) near.destroy();
    });
    for (const [one, other] of [[near, far], [far, near]] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  }); // prettier-ignore
  await once(server.listen(0, '127.0.0.1'), 'listening');
  left.push(() => server.close());
  wire.url = Object.assign(new URL(url), { port: (server.address() as AddressInfo).port }).href;
  return wire;
}

it('is given its bytes, once, when the page sends it again', async () => {
  const postgres = await startPostgres();
  left.push(() => postgres.stop());
  await createDatabase(postgres.url('lost'));
  const wire = await wireTo(postgres.url('lost'), 'fileAdded');
  const site = await openPapers({ env: { DATABASE_URL: wire.url } });
  left.push(
    () => removeFolder(site.folder),
    () => site.close(),
  );
  const ana = await beforePapers(site);
  const send = () => ana.upload('cv', pdf('Ana'), { 'idempotency-key': 'one' });
  wire.cutting = true;
  expectRefusal(await send(), 503, 'store_unavailable');
  wire.cutting = false;
  const rows = await site.db.query.selectFrom('files').select('id').execute();
  expect(rows).toHaveLength(1);
  const said = await send();
  expect([said.status, said.body.id]).toEqual([201, rows[0]?.id]);
  expect((await bytesOf(await ana.get(said.body.id))).equals(pdf('Ana'))).toBe(true);
  expect(keptBy(site)).toEqual([said.body.id]);
});
