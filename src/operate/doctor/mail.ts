/** Checks whether Flipsite can send emails. */
import { MailError, testMailServer } from '../../deliver/mailer.ts';
import type { DoctorFinding } from './finding.ts';

/** Connects to the mail server at `url`, which may have a password in it, and signs in if it can. */
export async function checkMailServer(url: string | undefined): Promise<DoctorFinding> {
  if (!url)
    return { level: 'note', message: 'No mail server is set, so emails wait in the dashboard. To send them, set SMTP_URL and MAIL_FROM.' }; // prettier-ignore
  const { host } = new URL(url);
  try {
    const { offersSignIn, signedIn } = await testMailServer(url);
    if (signedIn) return { level: 'ok', message: `The mail server ${host} accepts the sign-in.` };
    if (offersSignIn)
      return { level: 'note', message: `The mail server ${host} answers and offers a sign-in, which was not tried, because SMTP_URL has no name and password. If the server refuses emails without a sign-in, add them to SMTP_URL.` }; // prettier-ignore
    return { level: 'ok', message: `The mail server ${host} answers. It offers no sign-in, so Flipsite sends emails without one.` }; // prettier-ignore
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const message = `${error.message} (${host}). Check SMTP_URL. Flipsite retries emails for two days.`;
    return { level: 'error', message };
  }
}
