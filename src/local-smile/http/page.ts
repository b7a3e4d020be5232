import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';

type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; --bg: #fbfaf7; --card: #fff; --ink: #1d1c1a; --dim: #5f5b54; --line: #e2ded6; --edge: #89847a; }
@media (prefers-color-scheme: dark) { :root { --bg: #151412; --card: #1e1d1a; --ink: #f2f0eb; --dim: #b5b0a6;
  --line: #38352f; --edge: #827d73; } }
body { margin: 0; background: var(--bg); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.6471em; line-height: 1.2; outline: 0; text-wrap: balance; overflow-wrap: anywhere; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.dim { color: var(--dim); font-size: 0.8824em; }
button { inline-size: 100%; min-block-size: 3.0588em; padding: 0.7059em 1.1765em; border: 1px solid transparent;
  border-radius: 0.5882em; background: var(--ink); color: var(--bg); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a { color: inherit; }
h2 { font-size: 1.2353em; line-height: 1.3; margin-block: 2.3529em 0.4706em; }
label { display: block; font-weight: 600; margin-block: 1.1765em 0.2353em; }
label.row { display: flex; gap: 0.5882em; align-items: center; min-block-size: 2.625em; }
input { font: inherit; color: inherit; }
input:not([type]) { box-sizing: border-box; inline-size: 100%; min-block-size: 2.8235em; padding: 0.5882em 0.8235em;
  border: 1px solid var(--edge); border-radius: 0.5882em; background: var(--card); }
input[type='checkbox'] { inline-size: 1.2em; block-size: 1.2em; accent-color: var(--ink); }
button.other { margin-block-start: 0.7059em; border-color: var(--edge); background: var(--card); color: var(--ink); }
ol { list-style: none; margin: 0; padding: 0; }
li { padding-block: 0.4706em; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
li code { font-size: 0.8824em; }
`;

/** A page of local Smile, with a policy that allows only its own content. */
export function htmlPage(
  title: string,
  body: Html,
  more: {
    status?: number;
    /** The address of the widget's script, for a page that opens the widget. */
    widget?: string;
    script?: string;
    /** Whether the body contains the heading. */
    ownHeading?: boolean;
  } = {},
): Response {
  const nonce = randomBytes(16).toString('base64');
  const { status = 200, widget, script, ownHeading = false } = more;
  const text = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      <style nonce="${nonce}">
        ${raw(style)}
      </style>
      <main>${ownHeading ? '' : html`<h1>${title}</h1>`}${body}</main>
      ${widget ? html`<script src="${widget}"></script>` : ''}
      ${
        script
          ? html`<script nonce="${nonce}">
              ${raw(script)};
            </script>`
          : ''
      }
    </html>`;
  const policy = `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return new Response(String(text), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });
}
