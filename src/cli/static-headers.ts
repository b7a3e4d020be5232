/** The headers of a static site, in the words of common hosts. */
import type { StaticFile } from '../publish/rendering/static-site.ts';

/** A page with the headers that it needs. */
export type PageHeaders = Pick<StaticFile, 'path' | 'headers'>;

type Headers = [address: string, headers: [name: string, value: string][]][];

const FOREVER = 'public, max-age=31536000, immutable';

/** By address: `driver/index.html` is `/driver/`. */
function byAddress(files: readonly PageHeaders[]): Headers {
  const pages = files
    .filter(({ path }) => path.endsWith('.html'))
    .flatMap(({ path, headers }) => {
      const kept = Object.entries(headers).filter(([name]) => name !== 'content-type');
      const folder = path.replace(/index\.html$/, '');
      // Hosts serve `/driver`, `/driver/` and the name of the file alike.
      const addresses = folder === path ? [`/${path}`] : [`/${folder}`, `/${folder.slice(0, -1)}`, `/${path}`];
      return addresses.map((address): Headers[number] => [address, kept]);
    });
  return [['/assets/*', [['cache-control', FOREVER], ['x-content-type-options', 'nosniff']]], ...pages]; // prettier-ignore
}

/** `_headers`, which Netlify and Cloudflare Pages read. */
export const hostHeaders = (files: readonly PageHeaders[]): string =>
  byAddress(files)
    .map(([address, headers]) => [address, ...headers.map(([name, value]) => `  ${name}: ${value}`), ''].join('\n'))
    .join('\n');

/** Locations for a `server` of nginx. */
export const nginxHeaders = (files: readonly PageHeaders[]): string =>
  byAddress(files)
    .map(([address, headers]) => {
      const location = address.endsWith('*') ? `^~ ${address.slice(0, -1)}` : `= ${address}`;
      const page = address.endsWith('*') || address.endsWith('.html') ? '' : `  try_files ${address.replace(/\/$/, '')}/index.html =404;\n`; // prettier-ignore
      return `location ${location} {\n${page}${headers.map(([name, value]) => `  add_header ${name} "${value}" always;\n`).join('')}}\n`;
    })
    .join('\n');

/** Lines for a site of Caddy, whose headers for `/assets/*` would replace those of a page in there. */
export function caddyHeaders(files: readonly PageHeaders[]): string {
  const all = byAddress(files);
  return all
    .map(([address, headers], index) => {
      const lines = headers.map(([name, value]) => `\t${name} "${value}"`).join('\n');
      const inside = all.flatMap(([page]) => (address.endsWith('*') && page.startsWith(address.slice(0, -1)) && page !== address ? [page] : [])); // prettier-ignore
      const not = inside.length ? `\tnot path ${inside.join(' ')}\n` : '';
      return `@page${index} {\n\tpath ${address}\n${not}}\nheader @page${index} {\n${lines}\n}\n`;
    })
    .join('\n');
}
