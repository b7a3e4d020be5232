import { withoutComments } from '../display/without-comments.ts';

/**
 * Keeps the numbers of Results up to date while the page is visible, and ends with the session. The server says when there are
 * new ones. While the page gets nothing for longer than the server's beat, it asks every five seconds.
 */
export const liveScript = withoutComments(`
let tag = '';
let heard = -Infinity;
let source;
const end = () => { source?.close(); clearInterval(timer); document.removeEventListener('visibilitychange', follow); };
const look = async () => {
  if (document.hidden) return;
  const response = await fetch(location.href, { headers: { 'if-none-match': tag }, redirect: 'manual' }).catch(() => undefined);
  if (response && ![304, 429].includes(response.status) && response.status < 500 && !response.ok) return end();
  if (!response?.ok) return;
  tag = response.headers.get('etag') ?? '';
  const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[data-live]');
  const now = document.querySelector('[data-live]');
  if (!next) return end();
  // The first update brings the filters.
  if (now.matches('.empty') && !next.matches('.empty')) return location.reload();
  for (const open of now.querySelectorAll('details[open]')) {
    const same = [...next.querySelectorAll('details')].find((one) => one.dataset.key === open.dataset.key);
    if (same) same.open = true;
  }
  // A reader who is in the numbers keeps the place.
  if (next.innerHTML !== now.innerHTML && !now.contains(document.activeElement)) now.replaceWith(next);
};
// A page that is not visible has no stream: a browser opens only six connections.
const follow = () => {
  source?.close();
  heard = -Infinity;
  if (document.hidden) return;
  source = new EventSource(location.pathname + '/live');
  source.onmessage = () => { heard = performance.now(); void look(); };
};
const timer = setInterval(() => { if (performance.now() - heard > 20000) void look(); }, 5000);
document.addEventListener('visibilitychange', follow);
follow();
`);
