/** The time of a save or a comment as people say it: "14:02" today, "26 Nov, 14:02" before that, in the time zone of the device. */
export function savedTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return clock;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${clock}`;
}
