/** Adds the path of the site to the addresses in a page, if the site is under a path. */

/**
 * `html` with the path `base` before each address of this site in it. Pages write their addresses as if the site had
 * the host to itself. Adding the path here forgets none. Text from people cannot look like an attribute, because quotes
 * in it are escaped.
 */
export const linksUnder = (base: string, html: string): string =>
  base ? html.replace(/ (href|src|action|formaction)="\/(?!\/)/g, ` $1="${base}/`) : html;
