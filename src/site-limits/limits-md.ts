/** `docs/operate/limits.md`, generated from the table. */
import { ACCESS_LIMITS } from './access-limits.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { PREVIEW_LIMITS } from './preview-limits.ts';
import { LINK_LIMITS } from './link-limits.ts';
import { LOCAL_SMILE_LIMITS } from './local-smile-limits.ts';
import { MEMORY_LIMITS } from './memory-limits.ts';
import { RATE_LIMITS } from './rate-limits.ts';
import { REQUEST_LIMITS } from './request-limits.ts';
import type { SiteLimit } from './site-limit.ts';
import { SMILE_LIMITS } from './smile-limits.ts';
import { STORAGE_LIMITS } from './storage-limits.ts';
import { SUBMISSION_LIMITS } from './submission-limits.ts';
import { WORK_LIMITS } from './work-limits.ts';

const SECTIONS: [title: string, limits: Record<string, SiteLimit>][] = [
  ['Requests', REQUEST_LIMITS],
  ['Requests of one address or submission', RATE_LIMITS],
  ['Memory', MEMORY_LIMITS],
  ['Work at once', WORK_LIMITS],
  ['Submissions', SUBMISSION_LIMITS],
  ['Answers of Smile', SMILE_LIMITS],
  ['Local Smile', LOCAL_SMILE_LIMITS],
  ['Files and storage', STORAGE_LIMITS],
  ['Emails and webhooks', DELIVERY_LIMITS],
  ['Passwords, codes and tokens', ACCESS_LIMITS],
  ['Previews', PREVIEW_LIMITS],
  ['Links and embedding', LINK_LIMITS],
];

/** The document as Markdown, not yet laid out. */
export function limitsDocument(): string {
  const sections = SECTIONS.filter(([, limits]) => Object.keys(limits).length > 0).map(([title, limits]) => {
    const rows = Object.entries(limits).map(
      ([name, { counts, value, unit, answer, reason }]) =>
        `| ${counts} | ${amount(value, unit)} | ${answer} | ${reason} | \`${name}\` |`,
    );
    return `## ${title}\n\n| Limit | Value | Over the limit | Reason | Name in the code |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`;
  });
  return `# Limits

This page is for operators and integrators. It lists every bound on work that a caller without an account can cause.
It also lists the bounds on the events and data of Smile, and on the texts of editors.
A request over a bound gets the status and the code in the third column, with a sentence that says what to do.
Nothing that was stored before is lost.

Several servers on one PostgreSQL database count each address, network, account and submission together. [Scale](scale.md#run-several-servers) says by how much they may exceed a limit.
A limit on things at once is for each server.

${sections.join('\n\n')}
`;
}

/** A value with its unit, such as `64 kB` or `1 day`. */
function amount(value: number, unit: SiteLimit['unit']): string {
  if (unit === 'items') return value.toLocaleString('en-US');
  if (unit === 'milliseconds' && value >= 1_000) return amountIn(value / 1_000, 'seconds');
  const size = SIZES.find(([, bytes]) => unit === 'bytes' && value >= bytes);
  return size ? `${Math.round((value / size[1]) * 10) / 10} ${size[0]}` : amountIn(value, unit);
}

const SIZES = [
  ['GB', 1_073_741_824],
  ['MB', 1_048_576],
  ['kB', 1_024],
] as const;

const amountIn = (value: number, unit: string): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
