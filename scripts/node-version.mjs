/* The Node that Flipsite runs on; package.json says the same under `engines`. Node 24.15 is the first with a stable node:sqlite,
   and with an SQLite (3.51.3) that cannot damage a database when two connections check-point it at once. */

export const NEEDED_NODE = 'Node 24.15 or a newer 24, or Node 26 or newer';

/** @param {string} version like `24.15.0` */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 15);
}

/** The Node that npm brings where the machine's own is not supported; package.json has it under `optionalDependencies`. */
export const PACKAGED_NODE = '26.10.0';

/** The package of npm that has this Node. Only the one for Apple's processors has another form of name. */
export function packageOfNode(platform = process.platform, arch = process.arch) {
  const os = platform === 'win32' ? 'win' : platform === 'darwin' && arch === 'arm64' ? 'bin-darwin' : platform;
  return `node-${os}-${arch}`;
}
