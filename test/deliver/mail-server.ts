/** A real SMTP server on loopback, which keeps all emails. */
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  url: string;
  mails: { to: string[]; from: string; raw: string; parsed: ParsedMail }[];
  /** The code and words that each recipient is refused with; by default none. */
  refuse: { responseCode: number; message: string } | undefined;
  /** The code and words that each sender is refused with; by default none. */
  refuseSender: { responseCode: number; message: string } | undefined;
  /** The words with which it accepts each mail; by default its own. */
  accept: string | undefined;
  /** Whether it closes the connection of each mail that it has received, before or after it confirms the mail. */
  closes: 'before' | 'after' | undefined;
  close(): Promise<void>;
}

/**
 * @param port to listen on; 0 takes a free one
 * @param account the only one that it lets in; by default everyone
 */
export async function openMailServer(
  port = 0,
  account?: { name: string; password: string; isBusy?: boolean },
): Promise<MailServer> {
  const server = new SMTPServer({
    disabledCommands: account ? ['STARTTLS'] : ['AUTH', 'STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (account?.isBusy) return done(Object.assign(new Error('Try later'), { responseCode: 454 }));
      const known = username === account?.name && password === account?.password;
      done(known ? null : new Error('Unknown name or password'), known ? { user: username } : undefined);
    },
    onMailFrom(_address, _session, done) {
      const { refuseSender } = mail;
      done(refuseSender && Object.assign(new Error(refuseSender.message), { responseCode: refuseSender.responseCode }));
    },
    onRcptTo(_address, _session, done) {
      const { refuse } = mail;
      done(refuse && Object.assign(new Error(refuse.message), { responseCode: refuse.responseCode }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = session.envelope;
        void simpleParser(raw).then((parsed) => {
          const to = rcptTo.map(({ address }) => address);
          mail.mails.push({ to, from: mailFrom ? mailFrom.address : '', raw, parsed });
          if (mail.closes !== 'before') done(null, mail.accept);
          if (mail.closes) for (const socket of sockets) socket.end();
        });
      });
    },
  });
  server.on('error', () => {});
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const address = server.server.address() as AddressInfo;
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${address.port}`,
    mails: [],
    refuse: undefined,
    refuseSender: undefined,
    accept: undefined,
    closes: undefined,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  return mail;
}
