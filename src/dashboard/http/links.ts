/** Links of the dashboard's pages, if the site is under a path. */

/**
 * `html` with the path `base` before each address of this site in it. Pages write their addresses as if the site had the
 * host to itself; done here, none can be forgotten. What people have written cannot look like an attribute: quotes in it
 * are escaped.
 */
export const linksUnder = (base: string, html: string): string =>
  base ? html.replace(/ (href|src|action|formaction)="\/(?!\/)/g, ` $1="${base}/`) : html;
