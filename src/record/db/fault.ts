/** Errors of the database while the site runs. No write that got one of these was acknowledged. */

/**
 * `busy`: too many requests wait. `locked`: another process locks the database. `full`: its disk is full. `read_only`: this
 * process may not write to it. `broken`: its disk fails or its data is damaged. `gone`: it can't be reached. `refused`: it
 * rejects the sign-in.
 */
export type StoreFaultKind = 'busy' | 'locked' | 'full' | 'read_only' | 'broken' | 'gone' | 'refused';

/** Thrown by every function of the record. The message is for operators; the cause is the database's own error. */
export class StoreFault extends Error {
  readonly kind: StoreFaultKind;
  constructor(kind: StoreFaultKind, cause?: unknown, message = MESSAGES[kind]) {
    super(message, { cause });
    this.name = 'StoreFault';
    this.kind = kind;
  }
}

const MESSAGES: Record<StoreFaultKind, string> = {
  busy: 'Requests arrive faster than this server and its database answer them. Flipsite refuses new ones until it has caught up.',
  locked: 'Another process has locked the database. Stop that process, and writes continue by themselves.',
  full: 'The disk of the database is full. Free some space, and writes continue by themselves.',
  read_only: 'The database is read-only. Make the file, its folder and its disk writable for this user.',
  broken: 'The database or its disk is damaged. Run `npm run doctor`, and restore a backup if it says so.',
  gone: 'The database cannot be reached. Check that it is running. A running site then continues by itself.',
  refused: 'The database refuses the sign-in. Check the user and the password in DATABASE_URL.',
};

/** A damaged file of SQLite, for the terminal. @param place the file, where it is known */
export const damagedInWords = (message: string | undefined, place = ''): string =>
  `The database ${place && `${place} `}is damaged: ${message}. Keep the file, and run npm run restore -- BACKUP`;

/** `read_only` on PostgreSQL, where no file is at fault. A failover may have left the site with a standby. */
export const NOT_PRIMARY =
  'PostgreSQL accepts no writes. Check that DATABASE_URL leads to the primary server, and that its database is not read-only.';

/** SQLite's primary result codes (SQLite, Result and Error Codes). */
const OF_SQLITE: Record<number, StoreFaultKind> = {
  5: 'locked',
  6: 'locked',
  8: 'read_only',
  10: 'broken',
  11: 'broken',
  13: 'full',
  14: 'broken',
  26: 'broken',
};

/** SQLSTATE, whole or its class (PostgreSQL, Appendix A). */
const OF_POSTGRES: Record<string, StoreFaultKind> = {
  '25006': 'read_only',
  // A transaction took too long, or stood still because a machine did.
  '25P03': 'gone',
  '25P04': 'gone',
  '53100': 'full',
  '55P03': 'locked',
  '57014': 'busy',
  '57P01': 'gone',
  '57P02': 'gone',
  '57P03': 'gone',
  '57P05': 'gone',
  '08': 'gone',
  '28': 'refused',
  '53': 'busy',
  '58': 'broken',
  XX: 'broken',
};

const OF_NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']; // prettier-ignore

/** `busy` on PostgreSQL, where it has no connection for the site. */
const NO_CONNECTION =
  'PostgreSQL or PgBouncer refuses connections, because other programs use all that it allows. Lower DATABASE_CONNECTIONS, or raise the limit of PostgreSQL, of PgBouncer or of the user.';

/** Whether a connection was refused because PostgreSQL, PgBouncer, the database or the user has as many as it may have. */
export function isOneTooMany(error: Error): boolean {
  const { code, message } = error as { code?: unknown; message: string };
  return code === '53300' || /^no more connections allowed|^client connections exceeded/.test(message);
}

/** By SQLSTATE, where the kind alone would be wrong. */
const MESSAGES_OF_POSTGRES: Record<string, string> = { '0A000': NOT_PRIMARY, '25006': NOT_PRIMARY };

/** `error` as a StoreFault if it is one of the database; otherwise unchanged. */
export function asFault(error: unknown): unknown {
  if (error instanceof StoreFault || !(error instanceof Error)) return error;
  if (isOneTooMany(error)) return new StoreFault('busy', error, NO_CONNECTION);
  const kind = kindOf(error);
  if (!kind) return error;
  const { code } = error as { code?: unknown };
  return new StoreFault(kind, error, typeof code === 'string' ? MESSAGES_OF_POSTGRES[code] : undefined);
}

function kindOf(error: Error): StoreFaultKind | undefined {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number') return OF_SQLITE[errcode & 0xff];
  // pg has no code for a connection that ended, nor for one that could not be had in time.
  if (/^Connection terminated|^Client has encountered a connection error|^Client was closed/.test(error.message))
    return 'gone';
  // The second is PgBouncer's, with the code of a lost connection, while others use all connections to PostgreSQL.
  if (/^timeout exceeded when trying to connect|^query_wait_timeout/.test(error.message)) return 'busy';
  // A standby refuses serializable transactions and unlogged tables with the code of everything that PostgreSQL lacks.
  if (/ in a hot standby$| during recovery$/.test(error.message)) return 'read_only';
  // That of a DOMException, which a timeout is, is a number.
  if (typeof code !== 'string') return undefined;
  return OF_NETWORK.includes(code) ? 'gone' : (OF_POSTGRES[code] ?? OF_POSTGRES[code.slice(0, 2)]);
}
