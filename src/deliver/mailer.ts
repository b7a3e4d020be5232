/** Sends mails through the SMTP server of SMTP_URL. */
import { setTimeout as wait } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { inOneLine } from './in-one-line.ts';
import { htmlOf, mailText, type Mail } from './mail.ts';

export interface Mailer {
  /**
   * Sends one mail. Throws `MailError`.
   * @param options.id makes the Message-ID, which shows a receiver that two copies are one mail
   * @returns the status and text of the server's answer
   */
  send(
    to: string,
    mail: Mail,
    options: { id: string; from?: string | undefined; replyTo?: string | undefined },
  ): Promise<{ status: number; message: string }>;
  close(): void;
}

/** Why a mail was refused. `final`: a retry cannot help. */
export class MailError extends Error {
  readonly status: number | undefined;
  readonly final: boolean;
  constructor(message: string, status: number | undefined, final: boolean) {
    super(message);
    this.status = status;
    this.final = final;
  }
}

/** For one mail, its wait for a connection included. A job has to end within its lease. */
const TIMEOUT_MS = 60_000;

/**
 * @param url such as smtps://user:password@mail.acme.example
 * @param from such as Acme Rides <forms@acme.example>
 */
export function createMailer({
  url,
  from,
  timeoutMs = TIMEOUT_MS,
}: {
  url: string;
  from: string;
  timeoutMs?: number;
}): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // A mail contains text that people wrote, so it must not load files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Nodemailer reads a body to its end before it waits for the server's answer.
  transport.use('stream', ({ data, message }, done) => {
    const { onBodySent } = data as { onBodySent?: () => void };
    if (onBodySent) message.processFunc((body) => body.once('end', onBodySent));
    done();
  });
  const [, name = '', address = from] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  const domain = address.split('@')[1] ?? 'localhost';
  return {
    async send(to, mail, options) {
      // A server that begins an answer and never ends it is not silent, so no other timeout notices it.
      const signal = AbortSignal.timeout(timeoutMs);
      let isBodySent = false;
      try {
        const content = {
          signal,
          onBodySent: () => (isBodySent = true),
          from: { name: oneLine(options.from ?? name), address: address.trim() },
          to: { name: '', address: to },
          ...(options.replyTo && { replyTo: { name: '', address: options.replyTo } }),
          subject: oneLine(mail.subject),
          text: mailText(mail),
          html: htmlOf(mail),
          messageId: `<${options.id}@${domain}>`,
          // Asks out-of-office programs not to answer (RFC 3834, 5).
          headers: { 'auto-submitted': 'auto-generated' },
        };
        const { response } = await transport.sendMail(content);
        const [, status = '250'] = /^(\d{3})/.exec(response) ?? [];
        return { status: Number(status), message: beginningOf(response) };
      } catch (error) {
        throw mailError(error, isBodySent ? UNCONFIRMED : {});
      }
    },
    close: () => transport.close(),
  };
}

/** A person waits at the terminal. */
const TEST_TIMEOUT_MS = 5_000;

/**
 * Connects to the mail server and signs in if it offers that and `url` has a name, and sends nothing. Throws `MailError`.
 * @returns whether the server offers a sign-in, and whether it accepted one
 */
export async function testMailServer(url: string): Promise<{ offersSignIn: boolean; signedIn: boolean }> {
  const isNamed = new URL(url).username !== '';
  // Each step has its own timeout. This one bounds all steps together.
  const timeout = wait(TEST_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw Object.assign(new Error('The test took too long.'), { code: 'ETIMEDOUT' });
  });
  // It may reject after the race is over.
  timeout.catch(() => undefined);
  try {
    const offersSignIn = await Promise.race([hasSignIn(url), timeout]);
    // Nodemailer does not sign in where the server does not offer it, and says nothing of that.
    const signedIn = offersSignIn && isNamed && (await Promise.race([connect(url), timeout]));
    return { offersSignIn, signedIn };
  } catch (error) {
    throw mailError(error);
  }
}

/** Whether the mail server offers a sign-in. */
async function hasSignIn(url: string): Promise<boolean> {
  const nameless = Object.assign(new URL(url), { username: '', password: '' });
  try {
    await connect(nameless.href, { forceAuth: true });
    return false;
  } catch (error) {
    if ((error as Partial<SmtpError>).code === 'ENOAUTH') return true;
    throw error;
  }
}

async function connect(url: string, options: { forceAuth?: boolean } = {}): Promise<true> {
  const transport = createTransport({
    url,
    ...options,
    connectionTimeout: TEST_TIMEOUT_MS,
    greetingTimeout: TEST_TIMEOUT_MS,
    socketTimeout: TEST_TIMEOUT_MS,
    dnsTimeout: TEST_TIMEOUT_MS,
  });
  try {
    return await transport.verify();
  } finally {
    transport.close();
  }
}

/** One line: a line break in a header would start another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim().slice(0, 250); // prettier-ignore

const beginningOf = (answer: string): string => inOneLine(answer).slice(0, 200);

const NOT_SECURE = 'Could not make a secure connection to the mail server';

const REASONS: Record<string, string> = {
  ECONNECTION: 'The mail server could not be reached',
  ESOCKET: 'The mail server could not be reached',
  EDNS: 'The address of the mail server could not be found',
  ETIMEDOUT: 'The mail server did not answer in time',
  EABORT: 'The mail server did not answer in time',
  EAUTH: 'The mail server did not accept the name and password in SMTP_URL',
  ETLS: NOT_SECURE,
};

const BROKE_OFF = 'The mail server closed the connection before it confirmed the email, so the email may have arrived';
const NO_CONFIRMATION = 'The mail server did not confirm the email in time, so the email may have arrived';

/** The reasons where the complete email was sent, and no answer came. */
const UNCONFIRMED: Record<string, string> = {
  ECONNECTION: BROKE_OFF,
  ESOCKET: BROKE_OFF,
  ETIMEDOUT: NO_CONFIRMATION,
  EABORT: NO_CONFIRMATION,
};

interface SmtpError {
  code: string;
  /** The command that the server refused, such as `MAIL FROM`. */
  command: string;
  responseCode: number;
  response: string;
}

/** RFC 4954, 6. */
const AUTHENTICATION_REQUIRED = 530;

/** Nodemailer gives errors of TLS the code of a connection that could not be made. */
function tlsReason({ message = '', reason }: { message?: string; reason?: string }): string | undefined {
  if (reason === 'wrong version number')
    return 'The mail server does not begin with TLS on this port. Write smtp: instead of smtps: in SMTP_URL';
  if (/certificate/i.test(message)) return `Flipsite does not trust the certificate of the mail server (${message})`;
  return /SSL routines/.test(message) ? NOT_SECURE : undefined;
}

/** @param unconfirmed reasons that replace the usual ones if the server has not answered */
function mailError(error: unknown, unconfirmed: Record<string, string> = {}): MailError {
  const { code = '', command, responseCode = 0, response } = error as Partial<SmtpError>;
  // Final only if the server refuses this mail or its receiver. A wrong setting can be fixed before a retry.
  const isSetting = command === 'MAIL FROM' || responseCode === AUTHENTICATION_REQUIRED;
  // Another status refuses the name and password. With this one, the server could not check them (RFC 4954, 6).
  const isBusy = code === 'EAUTH' && responseCode === 454;
  const final = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500 && !isSetting;
  const message =
    (response ? undefined : unconfirmed[code]) ??
    (code === 'ESOCKET' ? tlsReason(error as Error) : undefined) ??
    (isBusy ? undefined : REASONS[code]) ??
    response ??
    'The mail server did not accept the email';
  return new MailError(beginningOf(message), responseCode || undefined, final);
}
