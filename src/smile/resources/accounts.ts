/** Linked accounts (Smile, Accounts). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { SMILE_LIMITS } from '../../site-limits/smile-limits.ts';
import { SmileError } from '../error.ts';
import { shape, openEnum } from '../reading.ts';
import { smileIdSchema, moment, type SmileAccount } from '../shapes.ts';
import { accountPayloadSchema } from './data.ts';
import type { Dates, ListLimit } from './filters.ts';

/** One of Smile's values, or one that Smile added later. */
const word = z.string().max(100);

const accountSchema = shape('account', {
  needed: {
    id: smileIdSchema,
    userId: smileIdSchema,
    providerId: z.string().min(1).max(200),
    connectionStatus: z.string().min(1).max(100),
    connection: shape('account.connection', {
      needed: { updatedAt: moment },
      documented: { status: z.string() },
      optional: { errorCode: word },
    }),
  },
  documented: { createdAt: moment, monitorStatus: word },
}).transform(({ id, userId, providerId, connectionStatus, connection, monitorStatus }): SmileAccount => {
  const monitor = typeof monitorStatus === 'string' && { monitor: monitorStatus };
  const account = { accountId: id, userId, providerId, status: connectionStatus, at: connection.updatedAt, ...monitor };
  return connection.errorCode ? { ...account, errorCode: connection.errorCode } : account;
});

const exportSchema = shape('export', {
  needed: { id: smileIdSchema, downloadUrl: z.string().min(1) },
  documented: {
    accountId: z.string(),
    exportExtensionType: openEnum<'PDF' | 'CSV'>(),
    md5: z.string(),
    createdAt: moment,
  },
});
export type AccountExport = z.output<typeof exportSchema>;

export function accounts({ fetchData, send, find, list, remove }: SmileTransport) {
  return {
    /** An account; undefined if Smile has none with that id. */
    async getAccount(accountId: string): Promise<SmileAccount | undefined> {
      const account = await find('/accounts/{id}', accountId, accountSchema);
      if (account && account.accountId !== accountId) throw aboutAnother('/accounts/{id}', 'account');
      return account;
    },
    /** The accounts of a user, in Smile's order. */
    async listAccounts(userId: string): Promise<SmileAccount[]> {
      const accounts = await list('/accounts', accountSchema, { userId, limit: SMILE_LIMITS.smileAccounts.value });
      if (accounts.some((account) => account.userId !== userId)) throw aboutAnother('/accounts', 'user');
      return accounts;
    },
    /** The accounts of all users of the tenant, by the day they were linked. */
    listAllAccounts: (filter: Dates & ListLimit = {}) => list('/accounts', accountSchema, { ...filter }),
    /** Revokes an account and deletes its data at Smile. An unknown account is success. */
    deleteAccount: (accountId: string) => remove('/accounts/{id}', accountId),
    /** All data of an account. */
    getAccountPayload: (accountId: string) => find('/accounts/{id}/payload', accountId, accountPayloadSchema),
    /** A file with an account's data. Its address works until the account is revoked, at most 60 days. */
    exportAccount: (accountId: string, exportExtensionType: 'PDF' | 'CSV'): Promise<AccountExport> =>
      fetchData(
        { method: 'POST', path: '/accounts/{id}/exports/generate', id: accountId, body: { exportExtensionType } },
        exportSchema,
      ),
    /** Ends the continuous sync of an account. Smile cannot start it again. */
    disableMonitor: (accountId: string) =>
      send({ method: 'POST', path: '/accounts/{accountId}/disableMonitor', id: accountId }, { repeatable: true }),
  };
}

/** The owner of an account decides trust, so an answer about another one is an error. */
function aboutAnother(path: string, subject: string) {
  return new SmileError('unexpected_answer', `Smile's answer to GET ${path} is about another ${subject}`);
}
