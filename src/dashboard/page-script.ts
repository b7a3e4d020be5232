/**
 * The dashboard's only script, as it stands in each page; everything works without it. It tells times in the reader's
 * own zone and language of the page, and copies addresses. Its hash stands in the content policy.
 */
export const pageScript = `
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
  // A timeline names a day once.
  const named = time.parentElement.matches('.when') && when === last;
  time.textContent = named ? clock : (within ? when.toLowerCase() : when) + ', ' + clock;
  if (time.parentElement.matches('.when')) last = when;
}
for (const zone of document.querySelectorAll('[data-zone]')) {
  zone.textContent = 'Times in ' + Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById('said').textContent = 'Copied';
    const word = button.textContent;
    if (word === 'Copied') return;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = word; }, 2000);
  });
}
`;
