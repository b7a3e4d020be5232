/** The licenses of the packages that a running site has, from `package-lock.json`. */

export interface LockFile {
  packages: Record<string, { version?: string; license?: string; dev?: boolean }>;
}

/** Licenses under which a package may be used and passed on with Flipsite, which has the MIT license. */
export const KNOWN_LICENSES: readonly string[] = [
  'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0',
  // Used as published, and not changed: lightningcss of Astro's build, and the library of pictures behind sharp.
  'MPL-2.0', 'LGPL-3.0-or-later',
  // Fonts, passed on with their license.
  'OFL-1.1',
]; // prettier-ignore

/** @returns names of packages by license, both sorted. Packages that only development needs are left out */
export function licensesOf({ packages }: LockFile): Map<string, string[]> {
  const byLicense = new Map<string, Set<string>>();
  for (const [path, { license = 'none', dev }] of Object.entries(packages)) {
    if (!path || dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const written = license.replace(/^\((.*)\)$/, '$1');
    byLicense.set(written, (byLicense.get(written) ?? new Set()).add(name));
  }
  return new Map(
    [...byLicense].sort(([a], [b]) => (a < b ? -1 : 1)).map(([license, names]) => [license, [...names].sort()]),
  );
}

/** The licenses that are not known, each with a package. A package needs all that `AND` joins, and one that `OR` joins. */
export const unknownLicenses = (lock: LockFile): string[] =>
  [...licensesOf(lock)].flatMap(([license, [name]]) =>
    license.split(' AND ').every((all) => all.split(' OR ').some((one) => KNOWN_LICENSES.includes(one)))
      ? []
      : `${license}: ${name}`,
  );

/** The text of `docs/contribute/licenses.md`. */
export function licensesDocument(lock: LockFile): string {
  const sections = [...licensesOf(lock)].map(
    ([license, names]) => `## ${license}\n\n\`\`\`text\n${names.join('\n')}\n\`\`\`\n`,
  );
  return `# Licenses of dependencies

<!-- npm run docs writes this file from package-lock.json. -->

This page is for people who pass Flipsite on. It lists the packages that a running site can have, by license.
Packages for one kind of processor are in the list for all of them. Packages for development are not.
A test refuses a license that is not in the list of \`src/cli/docs/licenses-md.ts\`.

${sections.join('\n')}`;
}
