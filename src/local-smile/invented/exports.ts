import { createHash } from 'node:crypto';
import { datapoint, datapointNames } from './datapoints.ts';
import { keepFile } from '../store/files.ts';
import { newSandboxId, timestamp } from '../store/ids.ts';
import { itemsOf } from '../store/items.ts';
import { pdf } from './pdf.ts';
import type { SandboxAccount } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';

export const exportTypes = ['PDF', 'CSV'] as const;

/** Writes an account's data to a file. @returns an `AccountExport` with a path instead of the address */
export function exportAccount(sandbox: Sandbox, account: SandboxAccount, type: (typeof exportTypes)[number]) {
  const rows = rowsOf(sandbox, account);
  const bytes = type === 'PDF' ? pdf(lines(account, rows)) : Uint8Array.from(Buffer.from(csv(rows)));
  const id = newSandboxId('export');
  const path = keepFile(sandbox, account.userId, `accounts/${account.id}/exports/${id}.${type.toLowerCase()}`, {
    bytes,
    mediaType: type === 'PDF' ? 'application/pdf' : 'text/csv; charset=utf-8',
    sourceId: account.id,
  });
  return {
    id,
    accountId: account.id,
    exportExtensionType: type,
    md5: createHash('md5').update(bytes).digest('hex'),
    createdAt: timestamp(sandbox.now()),
    path,
  };
}

type Row = [datapoint: string, id: string, member: string, value: string];

function rowsOf(sandbox: Sandbox, account: SandboxAccount): Row[] {
  return datapointNames.flatMap((name) =>
    itemsOf(sandbox, account.id, name).flatMap(({ id, metadata: _, ...members }) =>
      Object.entries(members)
        .filter(([, value]) => value !== null)
        .map(([member, value]): Row => [datapoint(name).path, id, member, text(value)]),
    ),
  );
}

function lines(account: SandboxAccount, rows: Row[]) {
  return [
    `Account ${account.id}`,
    `Provider: ${account.providerId}`,
    ...rows.map(([name, , member, value]) => `${name}  ${member}: ${value}`.slice(0, 110)),
  ];
}

function csv(rows: Row[]) {
  const cell = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [['datapoint', 'id', 'member', 'value'], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function text(value: unknown) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
