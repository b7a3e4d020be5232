/**
 * Lowers the cost of scrypt in the process that imports it. A password takes a quarter of a second of a processor and
 * 128 MiB, and tests sign in hundreds of times. `npm run test:long` pays the whole cost.
 */
import crypto, { type ScryptOptions } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { LONG } from './long.ts';

const MAX_N = 2 ** 10;
const { scrypt, scryptSync } = crypto;
const lower = (options: ScryptOptions) => ({ ...options, N: Math.min(options.N ?? MAX_N, MAX_N) });

if (!LONG) {
  crypto.scrypt = ((password, salt, bytes, options, done) =>
    scrypt(password, salt, bytes, lower(options), done)) as typeof crypto.scrypt;
  crypto.scryptSync = (password, salt, bytes, options = {}) => scryptSync(password, salt, bytes, lower(options));
  syncBuiltinESMExports();
  process.env['QUICK_SCRYPT'] = import.meta.url;
}
