/** All campaign links of the site, in memory: those in the texts of published forms, and those made under Share. */
import { momentOf } from '../form/settings/limits.ts';
import type { CampaignLink } from '../form/settings/links.ts';
import type { Form } from '../form/schema.ts';
import type { Catalog, Published } from '../publish/catalog.ts';
import type { Database } from '../record/db/database.ts';
import { completedByLink, linkRevision, listLinks, type SharedLink } from '../record/links/links.ts';

/** A link as its address answers it. */
export interface SiteLink {
  link: CampaignLink;
  /** The slug of the form that it leads to. */
  form: string;
  /** Where it was made: in the text of the form, or under Share. */
  madeIn: 'text' | 'share';
  /** Where it is published, such as `facebook`. Empty if unknown. */
  place: string;
  /** Of a link made under Share: when a member closed it. */
  closedAt: string | null;
  createdAt: string | null;
}

/** `closed`: a member closed it. `expired`: its last day is over. `full`: enough people have sent the form. */
export type LinkState = 'open' | 'closed' | 'expired' | 'full';

export interface Links {
  find(id: string): SiteLink | undefined;
  /** The links of a form: those of its text in order, then those made under Share, the newest first. */
  list(form: string): SiteLink[];
  /** Whether the link leads on to its form. The form has limits of its own. */
  stateOf(link: SiteLink, now: Date): LinkState;
  /** Loads the links that were made or changed since, on any server. */
  refresh(): Promise<void>;
}

/** The links of previews, of which there are none. */
export const NO_LINKS: Links = {
  find: () => undefined,
  list: () => [],
  stateOf: () => 'closed',
  refresh: async () => undefined,
};

/**
 * The time between two counts for links with a `max`. Until the next count, a link can bring a few more people.
 * Everyone who has the form open can also finish it.
 */
const COUNT_MS = 3_000;

/** Opens the registry with the links of the database. Links in texts follow the catalog by themselves. */
export async function openLinks(db: Database, catalog: Catalog): Promise<Links> {
  let revision = -1;
  let shared: SharedLink[] = [];
  let completed = new Map<string, number>();
  let countedAt = -Infinity;
  let generation: object | undefined;
  let byId = new Map<string, SiteLink>();
  let byForm = new Map<string, SiteLink[]>();
  /** By id, the end of its last day, in ms. */
  let expiry = new Map<string, number>();

  const zoneOf = (slug: string): string | undefined => catalog.current(slug)?.form.limits?.timezone;

  /** Both kinds of links together. A link in a text wins over one made under Share, which its form can't be published with. */
  function rebuild(): void {
    generation = catalog.generation;
    // Counting may have stopped at a `max` that is larger now.
    countedAt = -Infinity;
    const inTexts = catalog
      .list()
      .filter(({ hidden }) => !hidden)
      .toReversed()
      .sort((a, b) => rank(a) - rank(b))
      .flatMap(({ form }) => (form.links ?? []).map((link): SiteLink => ({ link, form: form.slug, madeIn: 'text', place: '', closedAt: null, createdAt: null }))); // prettier-ignore
    const made = shared.map(({ link, form, place, closedAt, createdAt }): SiteLink => ({ link, form, madeIn: 'share', place, closedAt, createdAt })); // prettier-ignore
    byId = new Map([...made, ...inTexts].map((one) => [one.link.id, one]));
    expiry = new Map(
      [...byId.values()].flatMap(({ link: { id, closes }, form }): [string, number][] => {
        const at = closes && momentOf({ closes, timezone: zoneOf(form) }, 'closes');
        return at ? [[id, at.getTime()]] : [];
      }),
    );
    byForm = Map.groupBy([...inTexts, ...made], ({ form }) => form);
  }
  const upToDate = () => generation !== catalog.generation && rebuild();

  async function refresh(): Promise<void> {
    const current = await linkRevision(db);
    if (current !== revision) {
      shared = await listLinks(db);
      revision = current;
      rebuild();
    }
    upToDate();
    const counted = [...byId.values()].flatMap(({ link: { id, max }, form }) => (max === undefined ? [] : [{ id, form, max }])); // prettier-ignore
    if (counted.some(({ id }) => !completed.has(id)) || performance.now() - countedAt >= COUNT_MS) {
      countedAt = performance.now();
      const people = await completedByLink(db, counted);
      completed = new Map(counted.map(({ id }) => [id, people.get(id) ?? 0]));
    }
  }

  await refresh();
  return {
    find(id) {
      upToDate();
      return byId.get(id);
    },
    list(form) {
      upToDate();
      return byForm.get(form) ?? [];
    },
    stateOf({ link: { id, max }, closedAt }, now) {
      if (closedAt) return 'closed';
      if (now.getTime() >= (expiry.get(id) ?? Infinity)) return 'expired';
      // Counts completed submissions, like `limits.max` of a form. Anyone could report openings, and start without an
      // answer.
      return max !== undefined && (completed.get(id) ?? 0) >= max ? 'full' : 'open';
    },
    refresh,
  };
}

/**
 * Of two forms with the same link, the one with the higher rank has it, and of two files the first. The file of the other form
 * was missing while this form got the link, and has an error since it is back. Its last version is live again.
 */
const rank = ({ removed, managedIn }: Published): number => (removed ? 0 : managedIn === 'files' ? 1 : 2);

/** The values of a link that are stored with each submission that comes by it. */
export function storedParams({ link }: SiteLink, form: Pick<Form, 'params'>): Record<string, string> {
  const utm = Object.entries(link.utm ?? {}).map(([name, value]) => [`utm_${name}`, value]);
  const params = Object.entries(link.params ?? {}).filter(([name]) => form.params.includes(name));
  return Object.fromEntries([...utm, ...params]) as Record<string, string>;
}
