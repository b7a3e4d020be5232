import { describe, expect, it } from 'vitest';
import { laterStatus, type StatusReport } from '../../src/record/accounts/account-status.ts';
import { accountsEnding, listAccounts, markRevoked, recordMonitor, recordAccount, type AccountReport } from '../../src/record/accounts/accounts.ts'; // prettier-ignore
import { listArchives, storeArchive } from '../../src/record/accounts/archives.ts';
import { insertRows } from '../../src/record/db/bulk.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';

function told(status: StatusReport['status'], seconds: number, confirmed = true): StatusReport {
  return { status, errorCode: null, confirmed, at: later(seconds).toISOString() };
}
const claimed = (status: StatusReport['status'], seconds: number) => told(status, seconds, false);

describe('the current status', () => {
  const cases: [string, StatusReport | undefined, StatusReport, 'current' | 'incoming'][] = [
    ['the first report', undefined, claimed('PENDING', 0), 'incoming'],
    ['a newer confirmed one', told('PENDING', 0), told('CONNECTED', 1), 'incoming'],
    ['not an older confirmed one', told('CONNECTED', 1), told('PENDING', 0), 'current'],
    ['an error after a connection', told('CONNECTED', 0), told('ERROR', 1), 'incoming'],
    ['a new connection after an error', told('ERROR', 0), told('CONNECTED', 1), 'incoming'],
    ['not a connection from before the disconnection', told('DISCONNECTED', 1), told('CONNECTED', 0), 'current'],
    ['at the same second, the one further on', told('PENDING', 0), told('AWAITING_MFA', 0), 'incoming'],
    ['at the same second, not the one before', told('CONNECTED', 0), told('ERROR', 0), 'current'],
    ['at the same second, a disconnection over all', told('CONNECTED', 0), told('DISCONNECTED', 0), 'incoming'],
    ['not a repetition', told('CONNECTED', 0), told('CONNECTED', 0), 'current'],
    ['not a claim, however new', told('PENDING', 0), claimed('CONNECTED', 99), 'current'],
    ['a confirmed one over a newer claim', claimed('CONNECTED', 99), told('PENDING', 0), 'incoming'],
    ['a newer claim over an older one', claimed('PENDING', 0), claimed('CONNECTED', 1), 'incoming'],
    ['not an older claim', claimed('CONNECTED', 1), claimed('PENDING', 0), 'current'],
  ];
  it.each(cases)('is %s', (_name, current, incoming, expected) => {
    expect(laterStatus(current, incoming)).toBe(expected === 'current' ? current : incoming);
  });

  it('is the same for reports in any order', () => {
    const reports = [told('PENDING', 0), told('CONNECTED', 2), claimed('ERROR', 9), told('AWAITING_MFA', 2)];
    for (const order of permutations(reports)) {
      const latest = order.reduce<StatusReport | undefined>((current, next) => laterStatus(current, next), undefined);
      expect(latest).toEqual(told('CONNECTED', 2));
    }
  });

  it('compares moments and not their spelling', () => {
    const current = { ...told('CONNECTED', 0), at: '2026-11-24T10:00:00.000Z' };
    expect(laterStatus(current, { ...told('ERROR', 0), at: '2026-11-24T10:00:00Z' })).toBe(current);
  });
});

describe('the accounts that Smile forgets soon', () => {
  const DAY = 86_400;

  it('are read some at a time, the soonest first, and others are answered in between', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const connected = { submission_id: id, screen: 'connect', provider_id: 'grab', status: 'CONNECTED', confirmed: 1 };
    const times = { status_at: '', created_at: '', updated_at: '' };
    const ids = Array.from({ length: 600 }, (_, n) => String(n).padStart(3, '0'));
    // Most are connected at the same moment, and the last ones a day later.
    const at = (n: number) => later((n < 500 ? -55 : -54) * DAY).toISOString();
    const rows = ids.map((one, n) => ({ account_id: one, ...connected, ...times, connected_at: at(n) }));
    await insertRows(db, 'accounts', rows.toReversed()); // prettier-ignore
    const other = { ...connected, ...times, account_id: 'monitored', monitor: 'ACTIVE', connected_at: at(0) };
    await insertRows(db, 'accounts', [other, { ...connected, ...times, account_id: 'late', connected_at: later(-9 * DAY).toISOString() }]); // prettier-ignore
    let isAnswered = false;
    setImmediate(() => (isAnswered = true));
    const found = await accountsEnding(db, NOW, later(14 * DAY));
    expect(isAnswered).toBe(true);
    expect(found.map(({ accountId }) => accountId)).toEqual(ids);
  });
});

describe('accounts', () => {
  async function start() {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const report = (given: Partial<AccountReport>): AccountReport => ({ accountId: 'a-1', submissionId: id, screen: 'connect', providerId: 'acme', status: 'CONNECTED', confirmed: true, at: '2026-11-24T10:00:00Z', now: NOW, ...given }); // prettier-ignore
    return { db, id, report };
  }

  it('have no characters that hide or turn text, for every reader', async () => {
    const { db, id, report } = await start();
    await recordAccount(
      db,
      report({ status: 'ERROR', providerId: '\u202eac\u200bme', errorCode: 'INVALID\u2066_MFA' }),
    );
    expect(await listAccounts(db, id)).toMatchObject([{ providerId: 'acme', errorCode: 'INVALID_MFA' }]);
    const words = { type: 'PAY\u202eSLIP', status: 'ERR\u2066OR', errorCode: 'BLUR\u200bRED' };
    const archive = { archiveId: 'ar-1', submissionId: id, screen: 'connect', widget: 0, content: undefined };
    await storeArchive(db, { ...archive, ...words }, NOW);
    expect(await listArchives(db, id)).toMatchObject([{ type: 'PAYSLIP', status: 'ERROR', errorCode: 'BLURRED' }]);
  });

  it('go from claimed to confirmed, and a late claim does not take them back', async () => {
    const { db, id, report } = await start();
    expect(await recordAccount(db, report({ confirmed: false }))).toMatchObject({ changed: true });
    expect(await recordAccount(db, report({ now: later(5) }))).toMatchObject({ changed: true });
    const late = report({
      confirmed: false,
      status: 'ERROR',
      errorCode: 'AUTH_REQUIRED',
      at: later(9).toISOString(),
      now: later(9),
    });
    expect(await recordAccount(db, late)).toMatchObject({ changed: false, account: { status: 'CONNECTED' } });
    expect(await listAccounts(db, id)).toEqual([
      {
        accountId: 'a-1',
        submissionId: id,
        screen: 'connect',
        widget: 0,
        providerId: 'acme',
        status: 'CONNECTED',
        errorCode: null,
        confirmed: true,
        statusAt: '2026-11-24T10:00:00.000Z',
        connectedAt: '2026-11-24T10:00:00.000Z',
        revokedAt: null,
        monitor: null,
        createdAt: NOW.toISOString(),
        updatedAt: later(5).toISOString(),
      },
    ]);
  });

  it('remember the time of their connection through repeats, and start again after a disconnection', async () => {
    const { db, report } = await start();
    const at = async (status: AccountReport['status'], seconds: number) => {
      const said = await recordAccount(db, report({ status, at: later(seconds).toISOString() }));
      return typeof said === 'string' ? undefined : said.account.connectedAt;
    };
    expect(await at('PENDING', 0)).toBeNull();
    expect(await at('CONNECTED', 1)).toBe(later(1).toISOString());
    expect(await at('CONNECTED', 2)).toBe(later(1).toISOString());
    expect(await at('DISCONNECTED', 3)).toBe(later(1).toISOString());
    expect(await at('CONNECTED', 4)).toBe(later(4).toISOString());
  });

  it('are disconnected by Flipsite until a new connection', async () => {
    const { db, id, report } = await start();
    await recordAccount(db, report({}));
    await markRevoked(db, 'a-1', later(1));
    await recordAccount(db, report({ status: 'DISCONNECTED', at: later(2).toISOString() }));
    expect((await listAccounts(db, id))[0]).toMatchObject({ revokedAt: later(1).toISOString() });
    await recordAccount(db, report({ at: later(3).toISOString() }));
    expect((await listAccounts(db, id))[0]).toMatchObject({ revokedAt: null, status: 'CONNECTED' });
  });

  it('keep the code of an error until the status changes', async () => {
    const { db, id, report } = await start();
    await recordAccount(db, report({ status: 'ERROR', errorCode: 'AUTH_REQUIRED' }));
    expect((await listAccounts(db, id))[0]?.errorCode).toBe('AUTH_REQUIRED');
    await recordAccount(db, report({ at: later(1).toISOString() }));
    expect((await listAccounts(db, id))[0]).toMatchObject({ status: 'CONNECTED', errorCode: null });
  });

  it('never move to another submission', async () => {
    const { db, id, report } = await start();
    const other = await draft(db);
    await recordAccount(db, report({}));
    const stolen = report({ submissionId: other.id, status: 'DISCONNECTED', at: later(5).toISOString() });
    expect(await recordAccount(db, stolen)).toBe('otherSubmission');
    expect(await listAccounts(db, other.id)).toEqual([]);
    expect(await listAccounts(db, id)).toMatchObject([{ status: 'CONNECTED' }]);
  });

  it.each([
    [['ACTIVE', 1], ['USER_ACTION_REQUIRED', 2], 'USER_ACTION_REQUIRED'],
    [['USER_ACTION_REQUIRED', 2], ['ACTIVE', 1], 'USER_ACTION_REQUIRED'],
    [['ACTIVE', 1], ['UNSUPPORTED', 1], 'UNSUPPORTED'],
    [['UNSUPPORTED', 1], ['ACTIVE', 1], 'UNSUPPORTED'],
  ] as const)('keep the later sync status of %j and %j', async (first, second, monitor) => {
    const { db, id, report } = await start();
    await recordAccount(db, report({}));
    for (const [status, seconds] of [first, second])
      await recordMonitor(db, 'a-1', { monitor: status, at: later(seconds).toISOString() });
    expect(await listAccounts(db, id)).toMatchObject([{ monitor }]);
  });

  it('are not recorded of a submission that was erased in between', async () => {
    const { db, id, report } = await start();
    const erased = { erased_at: NOW.toISOString() };
    await db.query.updateTable('submissions').set(erased).where('id', '=', id).execute();
    expect(await recordAccount(db, report({}))).toBe('erased');
    expect(await listAccounts(db, id)).toEqual([]);
  });

  it('are listed in the order in which they were first reported', async () => {
    const { db, id, report } = await start();
    await recordAccount(db, report({ accountId: 'a-2' }));
    await recordAccount(db, report({ accountId: 'a-1', now: later(1) }));
    expect((await listAccounts(db, id)).map(({ accountId }) => accountId)).toEqual(['a-2', 'a-1']);
  });

  it('end the same when reports arrive all at once', async () => {
    const { db, id, report } = await start();
    const reports = [0, 3, 1, 2].map((seconds) =>
      report({ at: later(seconds).toISOString(), status: seconds === 3 ? 'DISCONNECTED' : 'CONNECTED' }),
    );
    await Promise.all(reports.map((each) => recordAccount(db, each)));
    expect(await listAccounts(db, id)).toMatchObject([{ status: 'DISCONNECTED' }]);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]));
}
