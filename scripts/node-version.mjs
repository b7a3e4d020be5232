/* The Node that Flipsite runs on; package.json says the same under `engines`. Node 24.15 is the first with a stable node:sqlite,
   and with an SQLite (3.51.3) that cannot damage a database when two connections check-point it at once. */

export const NEEDED_NODE = 'Node 24.15 or a newer 24, or Node 26 or newer';

/** @param {string} version like `24.15.0` */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 15);
}
