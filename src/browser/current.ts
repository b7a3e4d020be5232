/**
 * The script that only static pages have. If no new person can start on the version of this page, one who has not
 * begun goes to the server's own page, which is always current.
 */
import type { VersionStatus } from '../contract/api.ts';
import type { PageData } from '../contract/page.ts';
import type { DeviceState } from './device.ts';

const { api, slug, language, version } = JSON.parse(document.getElementById('flipsite')?.textContent ?? '') as PageData;

let isTyping = false;
addEventListener('input', () => (isTyping = true), { once: true });

/** Whether the browser has something of this form that the page of the server could not read. */
function hasBegun(): boolean {
  const name = `flipsite:${slug}`;
  try {
    const text = sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? '{}';
    const { id, ended, passed = [], typed = {} } = JSON.parse(text) as Partial<DeviceState>;
    return Boolean(id || ended || passed[0] || Object.keys(typed)[0]);
  } catch {
    return false;
  }
}

async function leaveOldPage(): Promise<void> {
  // The link of a draft opens it on its own version.
  if (location.hash.startsWith('#resume=') || hasBegun()) return;
  const response = await fetch(`${api}/api/forms/${slug}/versions/${version}`);
  const { startable } = (await response.json()) as VersionStatus;
  if (startable === false && !isTyping) location.replace(`${api}/${slug}/${language}${location.search}`);
}

// Without an answer the person uses this page, and the server decides at the first save.
leaveOldPage().catch(() => undefined);
