import { randomBytes } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { html, raw } from 'hono/html';
import { ok, refuse } from './envelope.ts';
import { advance, fill, isExpired } from './invites.ts';
import type { Env } from './requests.ts';
import type { Invite, Mail } from './state.ts';
import { issueToken } from './tokens.ts';
import type { World } from './world.ts';

const words = {
  expired: { title: 'This invitation has expired', text: 'Ask whoever invited you for a new one.' },
  unknown: { title: 'This invitation is not valid', text: 'Check that you opened the whole address from the mail.' },
  noScript: 'This page needs JavaScript to go on.',
  unreachable: 'That did not work. Check your connection, and try again.',
};

/** The page that an invitee's mail leads to, relative to `/invite-user`: it starts the widget, and says thank you. */
export function invitePages(world: World): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/:code', (c) => {
    const invite = invited(c);
    if (!invite) return page(words.unknown.title, html`<p>${words.unknown.text}</p>`, 404);
    if (isExpired(world, invite)) return page(words.expired.title, html`<p>${words.expired.text}</p>`, 410);
    advance(world, invite, 'LANDING_PAGE_OPENED');
    return landing(invite);
  });

  app.post('/:code/token', async (c) => {
    const invite = invited(c);
    if (!invite || isExpired(world, invite)) return refuse(c, 'MISSING_RESOURCE', 'This invitation is not valid.');
    return ok(c, { ...(await issueToken(world, invite.userId)), templateId: invite.winkTemplateId });
  });

  return app;

  function invited(c: Context<Env, '/:code'>): Invite | undefined {
    const [code, token] = [c.req.param('code'), c.req.query('token')];
    return [...world.state.invites.values()].find((invite) => invite.code === code && invite.token === token);
  }
}

/** A mail as a mail program shows it. */
export function mailPage({ from, replyTo, to, subject, text, url }: Mail): Response {
  const [before, after] = text.split(url, 2);
  return page(
    subject,
    html`<p class="dim">From ${from} (answers go to ${replyTo})<br />To ${to}</p>
      <p class="text">${before}<a href="${url}">${url}</a>${after}</p>`,
  );
}

type Html = ReturnType<typeof html>;

function landing(invite: Invite): Response {
  const { landingPage, successPage } = invite.template;
  const part = (name: string, { header, description, button }: typeof landingPage, hidden: boolean) =>
    html`<section id="${name}" ${hidden ? raw('hidden') : ''}>
      <h1 tabindex="-1">${fill(header, invite)}</h1>
      <p class="text">${fill(description, invite)}</p>
      <button type="button">${fill(button, invite)}</button>
    </section>`;
  return page(
    invite.template.company.name,
    html`${part('landing', landingPage, false)} ${part('success', successPage, true)}
      <p role="alert" id="trouble"></p>
      <noscript><p>${words.noScript}</p></noscript>`,
    200,
    script,
  );
}

/** Opens the widget with a token of its own each time; once something was given, the way back is the success page. */
const script = `
const parts = { landing: document.getElementById('landing'), success: document.getElementById('success') };
const trouble = document.getElementById('trouble');
let given = false;
function show(name) {
  for (const [key, part] of Object.entries(parts)) part.hidden = key !== name;
  parts[name].querySelector('h1').focus();
}
async function start() {
  trouble.textContent = '';
  try {
    const answer = await fetch(location.pathname + '/token' + location.search, { method: 'POST' });
    const { data } = await answer.json();
    new SmileLinkModal({
      userToken: data.accessToken,
      templateId: data.templateId,
      onAccountConnected: () => { given = true; },
      onUploadsCreated: () => { given = true; },
      onClose: () => { if (given) show('success'); },
    }).open();
  } catch {
    trouble.textContent = ${JSON.stringify(words.unreachable)};
  }
}
for (const part of Object.values(parts)) part.querySelector('button').addEventListener('click', start);
`;

const style = `
:root { color-scheme: light dark; --bg: #fbfaf7; --ink: #1d1c1a; --dim: #5f5b54; }
@media (prefers-color-scheme: dark) { :root { --bg: #151412; --ink: #f2f0eb; --dim: #b5b0a6; } }
body { margin: 0; background: var(--bg); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.6471em; line-height: 1.2; outline: 0; text-wrap: balance; overflow-wrap: anywhere; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.dim { color: var(--dim); font-size: 0.8824em; }
button { inline-size: 100%; min-block-size: 3.0588em; padding: 0.7059em 1.1765em; border: 1px solid transparent;
  border-radius: 0.5882em; background: var(--ink); color: var(--bg); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a { color: inherit; }
`;

function page(title: string, body: Html, status = 200, script?: string): Response {
  const nonce = randomBytes(16).toString('base64');
  const scripts = script
    ? html`<script src="../v2/smile.v2.js"></script>
        <script nonce="${nonce}">
          ${raw(script)};
        </script>`
    : '';
  const heading = script ? '' : html`<h1>${title}</h1>`;
  const text = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      <style nonce="${nonce}">
        ${raw(style)}
      </style>
      <main>${heading}${body}</main>
      ${scripts}
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
