/** Linked accounts (Smile, Accounts). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { SmileError } from '../error.ts';
import { shape, openEnum } from '../reading.ts';
import { smileIdSchema, moment, type SmileAccount } from '../shapes.ts';
import { accountPayloadSchema } from './data.ts';
import type { Dates, ListLimit } from './filters.ts';

const accountSchema = shape(
  'account',
  {
    id: smileIdSchema,
    userId: smileIdSchema,
    providerId: z.string().min(1),
    connectionStatus: z.string().min(1),
    connection: shape('account.connection', { updatedAt: moment }, { status: z.string() }, { errorCode: z.string() }),
  },
  { createdAt: moment, monitorStatus: z.string() },
).transform(({ id, userId, providerId, connectionStatus, connection, monitorStatus }): SmileAccount => {
  const monitor = typeof monitorStatus === 'string' && { monitor: monitorStatus };
  const account = { accountId: id, userId, providerId, status: connectionStatus, at: connection.updatedAt, ...monitor };
  return connection.errorCode ? { ...account, errorCode: connection.errorCode } : account;
});

const exportSchema = shape(
  'export',
  { id: smileIdSchema, downloadUrl: z.string().min(1) },
  { accountId: z.string(), exportExtensionType: openEnum<'PDF' | 'CSV'>(), md5: z.string(), createdAt: moment },
);
export type AccountExport = z.output<typeof exportSchema>;

export function accounts({ ask, send, find, list, remove }: SmileTransport) {
  return {
    /** An account, or undefined if Smile has none by that id. */
    async getAccount(accountId: string): Promise<SmileAccount | undefined> {
      const account = await find('/accounts/{id}', accountId, accountSchema);
      if (account && account.accountId !== accountId) throw another('/accounts/{id}', 'account');
      return account;
    },
    /** All accounts of a user, in Smile's order. */
    async listAccounts(userId: string): Promise<SmileAccount[]> {
      const found = await list('/accounts', accountSchema, { userId });
      if (found.some((account) => account.userId !== userId)) throw another('/accounts', 'user');
      return found;
    },
    /** The tenant's accounts, of all users, by the day they were linked. */
    listAllAccounts: (filter: Dates & ListLimit = {}) => list('/accounts', accountSchema, { ...filter }),
    /** Revokes an account and deletes its data at Smile. One that Smile does not know is done already. */
    deleteAccount: (accountId: string) => remove('/accounts/{id}', accountId),
    /** All that was gathered from an account. */
    getAccountPayload: (accountId: string) => find('/accounts/{id}/payload', accountId, accountPayloadSchema),
    /** A file of an account's data. Its address works until the account is revoked, at most 60 days. */
    exportAccount: (accountId: string, exportExtensionType: 'PDF' | 'CSV'): Promise<AccountExport> =>
      ask(
        { method: 'POST', path: '/accounts/{id}/exports/generate', id: accountId, body: { exportExtensionType } },
        exportSchema,
      ),
    /** Ends the continuous data sync of an account. Smile has no way back. */
    disableMonitor: (accountId: string) =>
      send({ method: 'POST', path: '/accounts/{accountId}/disableMonitor', id: accountId }, { repeatable: true }),
  };
}

/** Whose account it is decides who is believed, so one that was not asked for is nobody's. */
function another(path: string, whose: string) {
  return new SmileError('unexpected_answer', `Smile's answer to GET ${path} is about another ${whose}`);
}
