/** A website that shows forms of another origin. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A form to frame, that has a step with the widget. @param allow its line `embed` @param link the id of its campaign link */
export const framedForm = (allow: string, link = 'partner') => `
title: Drive with us
${allow}
links: [{ id: ${link}, utm: { source: partner } }]
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
  - id: connect
    title: Connect your account
    wink: { require: connected }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

export interface Host {
  server: Server;
  origin: string;
  /** The end of the head of each page, and the page at each path, in HTML. */
  head: string;
  body: string;
  /** Other pages, by path. */
  pages: Record<string, string>;
}

/** A website that runs no inline script and style, and frames only the site of forms. */
export async function openHost(policyOf: () => string): Promise<Host> {
  const host: Host = { head: '', body: '', pages: {} as Record<string, string> } as Host;
  host.server = createServer((request, response) => {
    if (request.url === '/listen.js') {
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(`
        window.heard = [];
        for (const name of ['opened', 'screen', 'connected', 'submitted', 'closed', 'height'])
          addEventListener('flipsite:' + name, ({ detail }) => heard.push([name, detail]));
        window.refused = [];
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => refused.push(effectiveDirective + ' ' + blockedURI));`);
    }
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policyOf() });
    response.end(
      `<!doctype html><meta name="viewport" content="width=device-width"><title>Acme</title>${host.head}<h1>Acme</h1>${host.pages[request.url ?? ''] ?? host.body}<script src="/listen.js"></script>`,
    );
  });
  await new Promise<void>((listening) => host.server.listen(0, '127.0.0.1', listening));
  // Another name of this machine, and so another origin and another site.
  host.origin = `http://localhost:${(host.server.address() as AddressInfo).port}`;
  return host;
}

/** The policy that `docs/integrate/embed.md` asks for, and nothing else but a picture for the tab. */
export const policyFor = (origin: string): string =>
  `default-src 'none'; img-src 'self'; script-src 'self' ${origin}; frame-src ${origin}`;

/** The code in the website's page that shows a form. */
export const snippet = (origin: string, attributes = '', form = 'drive'): string =>
  `<div data-flipsite="${form}" ${attributes}><a href="${origin}/${form}">Apply now</a></div><script src="${origin}/embed.js" async></script>`;
