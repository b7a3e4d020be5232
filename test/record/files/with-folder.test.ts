/** A site that gets a bucket after people have sent files. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { diskStore } from '../../../src/record/files/disk.ts';
import { s3Store } from '../../../src/record/files/s3.ts';
import { FileFault } from '../../../src/record/files/fault.ts';
import { withFolder } from '../../../src/record/files/with-folder.ts';
import { newId } from '../../../src/record/ids.ts';
import { send } from '../../helpers/api/client.ts';
import { beforePapers, bytesOf, keptBy, openPapers } from '../../helpers/api/papers.ts';
import { afterwards, NOW, temporaryFolder } from '../../helpers/database.ts';
import { idsIn, inParts, pdf } from '../../helpers/samples/files.ts';
import { startS3 } from '../../helpers/s3-server.ts';
import { API_KEY, doOwed, removeFolder } from '../../helpers/site.ts';

const HOUR = 3_600_000;

it('a site that gets a bucket still shows its earlier files, deletes them with their person, and cleans up their folder', async () => {
  const s3 = await startS3();
  afterwards(() => s3.stop());
  const bucket = s3Store(s3.bucket);
  const before = await openPapers({ now: () => new Date(Date.now() - 3 * HOUR) });
  afterwards(() => removeFolder(before.folder));
  const [ana, ben] = [await beforePapers(before), await beforePapers(before)];
  const [hers, his] = [(await ana.upload('cv', pdf('Ana'))).body.id, (await ben.upload('cv', pdf('Ben'))).body.id];
  const folder = diskStore(path.join(before.folder, 'data', 'files'));
  await folder.write(newId(new Date(Date.now() - 2 * HOUR)), inParts(pdf('lost')));
  await before.close();

  const site = await openPapers({ folder: before.folder, bucket: s3.bucket });
  afterwards(() => site.close());
  const file = (of: string, id: string) => fetch(`${site.origin}/api/submissions/${of}/files/${id}`, { headers: ana.headers }); // prettier-ignore
  expect(await bytesOf(await file(ana.id, hers))).toEqual(pdf('Ana'));
  const asked = { authorization: `Bearer ${API_KEY}` };
  expect((await send(site, 'DELETE', `/api/submissions/${ana.id}`, undefined, asked)).status).toBe(204);
  const cleo = await beforePapers(site);
  const newest = (await cleo.upload('cv', pdf('Cleo'))).body.id;
  await doOwed(site);
  // The worker of the site may have begun the cleanup itself.
  await expect.poll(async () => [keptBy(site), await idsIn(bucket)]).toEqual([[his], [newest]]);
});

it('a file is deleted from the folder while the bucket is away, and the deletion still counts as failed', async () => {
  const folder = diskStore(path.join(temporaryFolder(), 'files'));
  const id = newId(NOW);
  await folder.write(id, inParts(pdf()));
  const remove = () => Promise.reject(new FileFault('gone', new Error('500')));
  await expect(withFolder({ ...folder, remove }, folder).remove(id)).rejects.toThrow('The bucket of files');
  expect(await idsIn(folder)).toEqual([]);
});
