/** Sends mails through the SMTP server that SMTP_URL names. */
import { setTimeout as wait } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { htmlOf, mailText, type Mail } from './mail.ts';

export interface Mailer {
  /**
   * Sends one mail; resolves to what the server said. Throws `MailError`.
   * @param id names the mail to whoever gets it twice
   */
  send(
    to: string,
    mail: Mail,
    about: { id: string; from?: string | undefined; replyTo?: string | undefined },
  ): Promise<{ status: number; said: string }>;
  close(): void;
}

/** Why a mail was not taken. `final`: no other try will be. */
export class MailError extends Error {
  readonly status: number | undefined;
  readonly final: boolean;
  constructor(message: string, status: number | undefined, final: boolean) {
    super(message);
    this.status = status;
    this.final = final;
  }
}

/**
 * @param url such as smtps://user:password@mail.acme.example
 * @param from such as Acme Rides <forms@acme.example>
 */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // A mail is made of what people have written: nothing in it may name a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const [, name = '', address = from] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  const domain = address.split('@')[1] ?? 'localhost';
  return {
    async send(to, mail, about) {
      try {
        const { response } = await transport.sendMail({
          from: { name: oneLine(about.from ?? name), address: address.trim() },
          to: { name: '', address: to },
          ...(about.replyTo && { replyTo: { name: '', address: about.replyTo } }),
          subject: oneLine(mail.subject),
          text: mailText(mail),
          html: htmlOf(mail),
          messageId: `<${about.id}@${domain}>`,
          // Nobody's holiday has to answer this (RFC 3834, 5).
          headers: { 'auto-submitted': 'auto-generated' },
        });
        const [, status = '250'] = /^(\d{3})/.exec(response) ?? [];
        return { status: Number(status), said: response.slice(0, 200) };
      } catch (error) {
        throw mailError(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Somebody waits in front of a terminal for a trial. */
const TRIAL_MS = 5_000;

/** Connects to the mail server and signs in, and sends nothing. Throws `MailError`. */
export async function tryMailServer(url: string): Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: TRIAL_MS,
    greetingTimeout: TRIAL_MS,
    socketTimeout: TRIAL_MS,
    dnsTimeout: TRIAL_MS,
  });
  // Each step has its own end; a server that is slow at all of them would still take long.
  const late = wait(TRIAL_MS, undefined, { ref: false }).then(() => {
    throw Object.assign(new Error('The trial took too long.'), { code: 'ETIMEDOUT' });
  });
  // It may come once all is done.
  late.catch(() => undefined);
  try {
    await Promise.race([transport.verify(), late]);
  } catch (error) {
    throw mailError(error);
  } finally {
    transport.close();
  }
}

/** What stands in a header stays in one line: a line of its own would be another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim().slice(0, 250); // prettier-ignore

const REASONS: Record<string, string> = {
  ECONNECTION: 'The mail server could not be reached',
  ESOCKET: 'The mail server could not be reached',
  EDNS: 'The address of the mail server could not be found',
  ETIMEDOUT: 'The mail server did not answer in time',
  EAUTH: 'The mail server did not accept the name and password in SMTP_URL',
  ETLS: 'Could not make a secure connection to the mail server',
};

function mailError(error: unknown): MailError {
  const { code = '', responseCode, response } = error as { code?: string; responseCode?: number; response?: string };
  // Refused for good is only what the server says of this mail or its address; all else may be set right meanwhile.
  const final = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
  const said = REASONS[code] ?? response ?? 'The mail server did not accept the email';
  return new MailError(said.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200), responseCode, final);
}
