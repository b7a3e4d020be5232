/** Whether emails go out. */
import { MailError, testMailServer } from '../../deliver/mailer.ts';
import type { DoctorFinding } from './finding.ts';

/** Tries the mail server at `url` (SMTP_URL), which may hold a password. */
export async function mailServer(url: string | undefined): Promise<DoctorFinding> {
  if (!url)
    return { how: 'note', says: 'No mail server is set (SMTP_URL, MAIL_FROM): emails are kept, to be read in the dashboard.' }; // prettier-ignore
  const { host } = new URL(url);
  try {
    await testMailServer(url);
    return { how: 'good', says: `The mail server ${host} lets this site in.` };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const says = `${error.message} (${host}). Check SMTP_URL: an email is tried again for two days, and then given up.`;
    return { how: 'bad', says };
  }
}
