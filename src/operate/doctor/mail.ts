/** Whether emails go out. */
import { MailError, testMailServer } from '../../deliver/mailer.ts';
import type { DoctorFinding } from './finding.ts';

/** Tries the mail server at `url` (SMTP_URL), which may hold a password. */
export async function mailServer(url: string | undefined): Promise<DoctorFinding> {
  if (!url)
    return { how: 'note', says: 'No mail server is set, so emails wait in the dashboard. To send them, set SMTP_URL and MAIL_FROM.' }; // prettier-ignore
  const { host } = new URL(url);
  try {
    await testMailServer(url);
    return { how: 'good', says: `The mail server ${host} accepts the sign-in.` };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const says = `${error.message} (${host}). Check SMTP_URL. Flipsite retries emails for two days.`;
    return { how: 'bad', says };
  }
}
