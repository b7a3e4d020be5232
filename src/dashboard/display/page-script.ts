import { withoutComments } from './without-comments.ts';

/**
 * The script of the dashboard, which is part of each page. Everything works without it. It shows times in the reader's own
 * time zone, copies links, leads from an error to its line, and asks before a page with an unsaved text is left. It sends a
 * form once for two clicks. A ticked form of a role chooses "some forms". The link "Skip to content" leads to the panes of
 * the editor. Its hash is in the content policy.
 */
export const pageScript = withoutComments(`
const day = (date) => date.toLocaleDateString('en-CA');
const now = new Date();
const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
let last;
for (const time of document.querySelectorAll('time[datetime]')) {
  const date = new Date(time.dateTime);
  const clock = date.toLocaleTimeString('en-GB', { timeStyle: time.dataset.style });
  const far = { day: 'numeric', month: 'short', year: date.getFullYear() === now.getFullYear() ? undefined : 'numeric' };
  const when = day(date) === day(now) ? 'Today' : day(date) === day(yesterday) ? 'Yesterday' : date.toLocaleDateString('en-GB', far);
  time.title = time.textContent;
  // "sent today": within a sentence, but not "26 nov".
  const within = time.previousSibling?.data?.trim() && /day$/.test(when);
  // A timeline names a day once, and a hidden line names its own.
  const listed = time.parentElement.matches('.when') && !time.closest('.technical');
  const named = listed && when === last;
  time.textContent = named ? clock : (within ? when.toLowerCase() : when) + ', ' + clock;
  if (listed) last = when;
}
// An input takes the name of the zone, and a text has it in the place of UTC.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const named of document.querySelectorAll('[data-zone]')) {
  if ('value' in named) named.value = zone;
  else named.textContent = named.textContent.replace('UTC', zone.replaceAll('_', ' '));
}
// A time without its day, and the time in an input.
for (const shown of document.querySelectorAll('[data-utc]')) {
  const date = new Date(shown.dataset.utc);
  if ('value' in shown) shown.value = new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  else shown.textContent = date.toLocaleTimeString('en-GB', { timeStyle: 'short' });
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.textContent;
    // "Copy link" becomes "Link copied".
    const copied = word.trim().replace(/^Copy (.)(.*)$/, (_, first, rest) => first.toUpperCase() + rest + ' copied');
    document.getElementById('announcement').textContent = copied;
    if (/copied$/.test(word)) return;
    button.textContent = copied;
    setTimeout(() => { button.textContent = word; }, 2000);
  });
}
// A role with a ticked form is not for all forms.
for (const box of document.querySelectorAll('[type=checkbox][name=form]')) {
  box.addEventListener('change', () => { if (box.checked) box.form.elements.scope.value = 'some'; });
}
// A text that is not saved is not left without a question.
for (const form of document.querySelectorAll('[data-guard]')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
}
// A double click sends a form once. Else it would make two links, or two messages.
let sent;
addEventListener('submit', (event) => {
  if (sent === event.target) return event.preventDefault();
  sent = event.target;
  setTimeout(() => { sent = undefined; }, 1000);
});
// The hash of the editor is its view. So the link "Skip to content" stays out of it.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  const panes = document.querySelector('.editor-panes');
  if (!panes) return;
  event.preventDefault();
  panes.tabIndex = -1;
  panes.focus();
});
// A browser shows a page that was left from its memory, also if the person on it was deleted since.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted || !/admin\\/(people|messages|invit|settings\\/smile|forms\\/[^/]+\\/(people|invit))/.test(location.pathname)) return;
  document.body.replaceChildren();
  location.reload();
});
// An error leads to its line.
for (const link of document.querySelectorAll('[data-line]')) {
  const area = document.getElementById('text');
  if (!area) continue;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const lines = area.value.split('\\n');
    const start = lines.slice(0, link.dataset.line - 1).join('\\n').length + (link.dataset.line > 1);
    area.focus();
    area.setSelectionRange(start, start + lines[link.dataset.line - 1].length);
    area.scrollTop = area.scrollHeight * (link.dataset.line - 5) / lines.length;
  });
}
`);
