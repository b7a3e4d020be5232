/** Times as the server writes them, in UTC. Only the browser knows the reader's time zone. */

/** `24 Nov 2026, 14:06 UTC`; with `seconds`, `24 Nov 2026, 14:06:20 UTC`. */
export function inUtc(iso: string, seconds = false): string {
  const date = new Date(iso);
  const day = date.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${date.toISOString().slice(11, seconds ? 19 : 16)} UTC`;
}
