/** Bounds how many searches of one member run or wait at once. See `searchInTurn`. */
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { memberOf, type DashboardContext } from '../context.ts';
import { tooManyAtOnce } from '../http/page.ts';

type Handler = (c: DashboardContext) => Promise<Response>;

const counter = createConcurrencyCounter(SITE_LIMITS.searchesPerMember.value);

/** @param name the parameter that makes the page search: `q` with a text, or `delete` even without a value */
export const boundSearches =
  (name: 'q' | 'delete', handler: Handler): Handler =>
  async (c) => {
    const asked = c.req.query(name);
    if (asked === undefined || (name === 'q' && asked.trim() === '')) return handler(c);
    const end = acquire([{ key: memberOf(c).id, counter }]);
    return end ? handler(c).finally(end) : tooManyAtOnce(c);
  };
