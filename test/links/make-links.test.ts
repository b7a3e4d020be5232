import { describe, expect, it } from 'vitest';
import { linkConflicts, linkConflictsOfFile } from '../../src/links/conflicts.ts';
import { changeLink, makeLinks, type LinkInput } from '../../src/links/make-links.ts';
import { utmOf } from '../../src/links/places.ts';
import { slugFrom } from '../../src/form/id.ts';
import { openLinks } from '../../src/links/registry.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { compile } from '../helpers/compile.ts';
import { newReference } from '../../src/record/ids.ts';
import { markSubmitted } from '../../src/record/submissions/save-answers.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { CAMPAIGNS } from './links-site.ts';

async function opened() {
  const db = await temporaryDatabase();
  await saveVersion(db, compile(CAMPAIGNS, 'drive.yaml'), NOW);
  const catalog = await openCatalog(db);
  const links = await openLinks(db, catalog);
  const context = { db, catalog, links, now: NOW };
  const make = (...inputs: LinkInput[]) => makeLinks(context, 'drive', inputs.map((input) => ({ input }))); // prettier-ignore
  return { ...context, context, make };
}

describe('a link under Share', () => {
  it('is made of a name, works at once on this server, and soon on others', async () => {
    const { db, catalog, links, context } = await opened();
    const others = await openLinks(db, catalog);
    const name = 'Flyer Quiapo, ñandú';
    const input = { name, utm: utmOf('print', name), params: { agent: 7, city: 'Cebu' }, language: 'es', closes: '2026-12-31', max: 100, ending: 'late' }; // prettier-ignore
    const made = await makeLinks(context, 'drive', [{ input, place: 'print' }], { memberId: 'm1' });
    const link = { ...input, id: 'flyer-quiapo-nandu', utm: { source: 'print', medium: 'print', campaign: 'flyer-quiapo-nandu' }, params: { agent: '7', city: 'Cebu' } }; // prettier-ignore
    expect(made).toMatchObject({ status: 'made', links: [{ link, form: 'drive', place: 'print', madeIn: 'share' }] });
    expect(links.find('flyer-quiapo-nandu')).toMatchObject({ link });
    expect(others.find('flyer-quiapo-nandu')).toBeUndefined();
    await others.refresh();
    expect(others.find('flyer-quiapo-nandu')).toMatchObject({ link });
    expect(links.list('drive').map((one) => one.link.id)).toEqual(['fb-nov', 'es-sms', 'old', 'few', 'flyer-quiapo-nandu']); // prettier-ignore
  });

  it('gets an id that no link has, and a name without Latin letters is no obstacle', async () => {
    const { make } = await opened();
    const made = await make({ name: 'FB Nov' }, { name: 'FB Nov' }, { name: '海报' }, { name: '海报' });
    expect(made.status === 'made' && made.links.map(({ link }) => link.id)).toEqual(['fb-nov-2', 'fb-nov-3', 'link', 'link-2']); // prettier-ignore
  });

  it('has an id of the beginning of its name only', () => {
    expect(slugFrom(`FB${' '.repeat(998)}Nov`, 60)).toBe('fb');
    expect(slugFrom(`FB${' '.repeat(995)}Nov`, 60)).toBe('fb-nov');
  });

  it('is refused with a sentence for each thing that is wrong, and then no other is made', async () => {
    const { make, links } = await opened();
    const made = await make(
      { name: 'Good' },
      { id: 'fb-nov', name: 'Taken' },
      { id: 'Not An Id' },
      { name: 'Values', params: { city: 'Manilla', agnet: 'x' }, language: 'fil', ending: 'none', closes: 'tomorrow' },
      { name: 'More', url: 'https://evil.example' } as LinkInput,
      { name: 'Other', params: { city: 'Manilla', agnet: 'x' }, language: 'fil', ending: 'none', max: 5 },
    );
    expect(made).toEqual({
      status: 'invalid',
      problems: [
        { row: 1, field: 'id', message: 'The id fb-nov is already used. Write another one, like fb-nov-2.' },
        {
          row: 2,
          field: 'id',
          message: 'This is not the id of a link. Use small letters, digits and -, such as fb-nov.',
        },
        { row: 3, field: 'closes', message: expect.stringContaining('This is neither a date') },
        { row: 4, field: '', message: expect.stringContaining('url') },
        { row: 5, field: 'params.city', message: 'The link cannot fill in city: Choose one of the answers that are offered. Write a possible answer (Manila, Cebu).' }, // prettier-ignore
        { row: 5, field: 'params.agnet', message: 'There is no param and no field agnet. Write agent.' },
        { row: 5, field: 'language', message: 'The form is not in the language fil. Use one of: en, es.' },
        { row: 5, field: 'ending', message: expect.stringContaining('There is no ending none') },
      ],
    });
    expect(links.list('drive')).toHaveLength(4);
    expect(await makeLinks({ ...(await opened()).context }, 'nothing', [])).toEqual({ status: 'no form' });
  });

  it('gets its id without a new search for each of many links with one name', async () => {
    const { context } = await opened();
    let looked = 0;
    const links = { ...context.links, find: (id: string) => (looked++, context.links.find(id)) };
    const made = await makeLinks({ ...context, links }, 'drive', Array.from({ length: 1_000 }, () => ({ input: { name: 'Same' } }))); // prettier-ignore
    expect(made.status === 'made' && made.links.at(-1)?.link.id).toBe('same-1000');
    expect(looked).toBeLessThan(10_000);
  });

  it('has a place of at most 60 characters, when it is made and when it is changed', async () => {
    const { context } = await opened();
    const make = (place: string) => makeLinks(context, 'drive', [{ input: { name: 'Branch' }, place }]);
    const problems = [{ row: 0, field: 'place', message: 'The place has more than 60 characters. Write a shorter one.' }]; // prettier-ignore
    expect(await make('x'.repeat(61))).toEqual({ status: 'invalid', problems });
    expect((await make('x'.repeat(60))).status).toBe('made');
    expect(await changeLink(context, 'drive', 'branch', { place: 'x'.repeat(61) })).toEqual({ status: 'invalid', problems }); // prettier-ignore
  });

  it('can be changed, closed and opened again, unless the text of the form has it', async () => {
    const { context, make, links } = await opened();
    await make({ id: 'sms', name: 'SMS', max: 5 });
    const change = (id: string, what: Parameters<typeof changeLink>[3]) => changeLink(context, 'drive', id, what);
    expect(await change('sms', { input: { name: 'Text message', max: null }, place: 'sms' })).toMatchObject({ status: 'changed', link: { link: { id: 'sms', name: 'Text message' }, place: 'sms' } }); // prettier-ignore
    expect(links.find('sms')?.link.max).toBeUndefined();
    const state = () => links.stateOf(links.find('sms')!, NOW);
    await change('sms', { isClosed: true });
    expect(state()).toBe('closed');
    await change('sms', { isClosed: false });
    expect(state()).toBe('open');
    expect(await change('sms', { input: { language: 'fil' } })).toMatchObject({ status: 'invalid', problems: [{ field: 'language' }] }); // prettier-ignore
    expect(await change('fb-nov', { isClosed: true })).toEqual({ status: 'in text' });
    expect(await change('nothing', {})).toEqual({ status: 'no link' });
    expect(await changeLink(context, 'other', 'sms', { isClosed: true })).toEqual({ status: 'no link' });
  });

  it('that may bring more people than before is full at once, if as many have sent the form', async () => {
    const { db, context, make, links, catalog } = await opened();
    await make({ id: 'sms', name: 'SMS', max: 2 });
    const { version = '' } = catalog.current('drive') ?? {};
    for (let n = 0; n < 4; n++) {
      const { id } = await draft(db, { form: 'drive', version, link: 'sms' });
      await markSubmitted(db, id, { answers: {}, reference: newReference(), ending: 'done', outcome: 'completed', now: NOW }); // prettier-ignore
    }
    const state = () => links.stateOf(links.find('sms')!, NOW);
    for (const [max, is] of [[3, 'full'], [5, 'open'], [4, 'full']] as const) {
      await changeLink(context, 'drive', 'sms', { input: { max } });
      expect([max, state()]).toEqual([max, is]);
    } // prettier-ignore
  });

  it('keeps both changes where two requests change different keys of it at once', async () => {
    const { context, make, links } = await opened();
    await make({ id: 'sms', name: 'SMS' });
    const change = (input: LinkInput) => changeLink(context, 'drive', 'sms', { input });
    const answers = await Promise.all([change({ name: 'Text message' }), change({ closes: '2026-12-31' })]);
    expect(answers.map(({ status }) => status)).toEqual(['changed', 'changed']);
    expect(links.find('sms')?.link).toMatchObject({ name: 'Text message', closes: '2026-12-31' });
  });

  it('can be closed, and not opened again, where a later version of its form lacks its language', async () => {
    const { db, catalog, context, make, links } = await opened();
    await make({ id: 'es-bus', language: 'es', params: { city: 'Cebu' } });
    const english = { title: 'Drive', screens: [{ id: 'about', title: 'About', fields: [{ id: 'note', type: 'text', label: 'Note' }] }], endings: [{ id: 'done', title: 'Done' }] }; // prettier-ignore
    await saveVersion(db, compile(JSON.stringify(english), 'drive.yaml'), later(1));
    await catalog.refresh();
    await changeLink(context, 'drive', 'es-bus', { isClosed: true });
    expect(links.stateOf(links.find('es-bus')!, NOW)).toBe('closed');
    expect(await changeLink(context, 'drive', 'es-bus', { isClosed: false })).toMatchObject({ status: 'invalid' });
  });

  it('closes at the end of its last day, in the time zone of the form', async () => {
    const { make, links } = await opened();
    await make({ id: 'today', closes: '2026-11-24' });
    const stateAt = (time: string) => links.stateOf(links.find('today')!, new Date(time));
    expect([stateAt('2026-11-24T23:59:59Z'), stateAt('2026-11-25T00:00:00Z')]).toEqual(['open', 'expired']);
  });

  it('keeps its id from the texts of other forms, and a text keeps its ids from it', async () => {
    const { db, catalog, links, make } = await opened();
    await make({ id: 'sms' });
    const other = (link: string, slug = 'other') => compile(`title: O\nlinks: [{ id: ${link} }]\nscreens: [{ id: one, title: One }]\nendings: [{ id: done, title: Done }]\n`, `${slug}.yaml`); // prettier-ignore
    const messagesOf = (form: ReturnType<typeof other>) => [
      linkConflicts(form, links, catalog).map(({ message }) => message),
      linkConflictsOfFile(form, links, catalog).map(({ message }) => message),
    ];
    const shared = 'the link `sms` is already used in a link made under Share, for the form drive';
    expect(messagesOf(other('sms'))).toEqual([[shared], [shared]]);
    expect(messagesOf(other('sms', 'drive'))).toEqual([[shared], [shared]]);
    // A file may have got another name. The folder reports two files with the same link.
    expect(messagesOf(other('fb-nov'))).toEqual([['the link `fb-nov` is already used in the form drive'], []]);
    expect(messagesOf(other('fb-nov', 'drive'))).toEqual([[], []]);
    await saveVersion(db, other('o-link'), later(1));
    await catalog.refresh();
    expect(links.find('o-link')?.form).toBe('other');
    expect(await make({ id: 'o-link' })).toMatchObject({ status: 'invalid', problems: [{ field: 'id' }] });
  });

  it('stays with the form that got it while the file of another one was missing', async () => {
    const { db, catalog, links } = await opened();
    const other = (slug: string) => compile(`title: O\nlinks: [{ id: fb-nov }]\nscreens: [{ id: one, title: One }]\nendings: [{ id: done, title: Done }]\n`, `${slug}.yaml`); // prettier-ignore
    const ownerOf = async () => (await catalog.refresh(), links.find('fb-nov')?.form);
    await saveVersion(db, other('later'), later(1));
    // The folder reports the second file.
    expect(await ownerOf()).toBe('drive');
    await saveVersion(db, other('before'), later(2));
    await setManagedIn(db, 'before', 'dashboard', later(2));
    expect(await ownerOf()).toBe('before');
  });
});
