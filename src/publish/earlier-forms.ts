/** Earlier versions of forms: for people who come back to their draft, or whose page was open when a new version was published. */
import { LRUCache } from 'lru-cache';
import { shownParams } from '../form/inspect/shown-params.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { readVersion } from '../record/versions.ts';
import { currentClient } from '../site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** All that a start needs of a form. It is small, so thousands of them fit in memory. */
export type VersionHead = Pick<Form, 'slug' | 'languages' | 'params'> & {
  /** The params that its screens show. */
  shownParams: ReadonlySet<string>;
};

export const versionHeadOf = (form: Form): VersionHead => ({
  slug: form.slug,
  languages: form.languages,
  params: form.params,
  shownParams: shownParams(form),
});

export interface EarlierForms {
  /** @param trx the caller's transaction, if any */
  form(slug: string, version: string, trx?: Database): Promise<Form | undefined>;
  head(slug: string, version: string): Promise<VersionHead | undefined>;
  /** The form if it is in memory. */
  kept(slug: string, version: string): Form | undefined;
}

const HEADS_KEPT = 5_000;

/** Keeps the latest ones in memory. The name of a version comes from its content, so its form never changes. */
export function openEarlierForms(db: Database): EarlierForms {
  const forms = new LRUCache<string, Form>({ maxSize: SITE_LIMITS.earlierFormsCharacters.value });
  const heads = new LRUCache<string, VersionHead>({ max: HEADS_KEPT });
  const inTurn = createTurnsByKey(1);

  async function read(slug: string, version: string, trx: Database): Promise<Form | undefined> {
    const { form, characters } = (await readVersion(trx, slug, version)) ?? {};
    if (form) forms.set(`${slug} ${version}`, form, { size: characters ?? 1 });
    return form;
  }

  const kept = (slug: string, version: string): Form | undefined => forms.get(`${slug} ${version}`);

  async function keptOrRead(slug: string, version: string): Promise<Form | undefined> {
    // Parsing a large form takes milliseconds, and one client may ask for hundreds. Another request may read it while this one
    // waits for its turn.
    return kept(slug, version) ?? inTurn(currentClient(), async () => kept(slug, version) ?? read(slug, version, db));
  }

  return {
    async form(slug, version, trx = db) {
      // Others may wait for a transaction, so it does not wait for its turn.
      if (trx.isTransaction) return kept(slug, version) ?? read(slug, version, trx);
      return keptOrRead(slug, version);
    },
    async head(slug, version) {
      const name = `${slug} ${version}`;
      const known = heads.get(name);
      if (known) return known;
      const form = await keptOrRead(slug, version);
      const head = form && versionHeadOf(form);
      if (head) heads.set(name, head);
      return head;
    },
    kept,
  };
}
