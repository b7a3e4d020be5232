/**
 * Lowers the cost of scrypt for members in the process that imports it. A password takes a quarter of a second of a processor and
 * 128 MiB, and tests sign in hundreds of times. `npm run test:long` pays the whole cost.
 */
import crypto, { type ScryptOptions } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { LONG } from './long.ts';

/** The cost of a form's password is low, and stays. */
const FORM_N = 2 ** 14;
const QUICK_N = 2 ** 10;
const { scrypt, scryptSync } = crypto;
let isReal = false;
const lower = (options: ScryptOptions) => ({
  ...options,
  N: (options.N ?? 0) > FORM_N && !isReal ? QUICK_N : (options.N ?? FORM_N),
});

/** Pays the whole cost of scrypt in `run`, where a test is about the time that it takes. No other test may run beside it. */
export async function withRealScrypt(run: () => Promise<void>): Promise<void> {
  isReal = true;
  await run().finally(() => (isReal = false));
}

if (!LONG) {
  crypto.scrypt = ((password, salt, bytes, options, done) =>
    scrypt(password, salt, bytes, lower(options), done)) as typeof crypto.scrypt;
  crypto.scryptSync = (password, salt, bytes, options = {}) => scryptSync(password, salt, bytes, lower(options));
  syncBuiltinESMExports();
  process.env['QUICK_SCRYPT'] = import.meta.url;
}
