/** Checks whether Flipsite can send emails. */
import { MailError, testMailServer } from '../../deliver/mailer.ts';
import type { DoctorFinding } from './finding.ts';

/** Signs in to the mail server at `url`, which may have a password in it. */
export async function checkMailServer(url: string | undefined): Promise<DoctorFinding> {
  if (!url)
    return { level: 'note', message: 'No mail server is set, so emails wait in the dashboard. To send them, set SMTP_URL and MAIL_FROM.' }; // prettier-ignore
  const { host } = new URL(url);
  try {
    await testMailServer(url);
    return { level: 'ok', message: `The mail server ${host} accepts the sign-in.` };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const message = `${error.message} (${host}). Check SMTP_URL. Flipsite retries emails for two days.`;
    return { level: 'error', message };
  }
}
