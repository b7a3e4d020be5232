import { Hono, type Context } from 'hono';
import { html, raw } from 'hono/html';
import { ok, failWith } from '../http/envelope.ts';
import { advance, fillTemplate, isExpired } from '../store/invites.ts';
import { htmlPage } from '../http/page.ts';
import type { Env } from '../http/requests.ts';
import type { SandboxInvite, SandboxMail } from '../store/state.ts';
import { issueToken } from './tokens.ts';
import type { Sandbox } from '../sandbox.ts';

const words = {
  expired: { title: 'This invitation has expired', text: 'Ask the sender for a new one.' },
  unknown: { title: 'This invitation is not valid', text: 'Check that you opened the whole address from the mail.' },
  noScript: 'This page needs JavaScript to go on.',
  unreachable: 'That did not work. Check your connection, and try again.',
};

/** The page behind an invitee's mail, under `/invite-user`. It starts the widget and then thanks the person. */
export function invitePages(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/:code', (c) => {
    const invite = invited(c);
    if (!invite) return htmlPage(words.unknown.title, html`<p>${words.unknown.text}</p>`, { status: 404 });
    if (isExpired(sandbox, invite))
      return htmlPage(words.expired.title, html`<p>${words.expired.text}</p>`, { status: 410 });
    advance(sandbox, invite, 'LANDING_PAGE_OPENED');
    return landing(invite);
  });

  app.post('/:code/token', async (c) => {
    const invite = invited(c);
    if (!invite || isExpired(sandbox, invite)) return failWith(c, 'MISSING_RESOURCE', 'This invitation is not valid.');
    return ok(c, { ...(await issueToken(sandbox, invite.userId)), templateId: invite.winkTemplateId });
  });

  return app;

  function invited(c: Context<Env, '/:code'>): SandboxInvite | undefined {
    const [code, token] = [c.req.param('code'), c.req.query('token')];
    return [...sandbox.state.invites.values()].find((invite) => invite.code === code && invite.token === token);
  }
}

/** A mail as a mail program shows it. */
export function mailPage({ from, replyTo, to, subject, text, url }: SandboxMail): Response {
  const [before, after] = text.split(url, 2);
  return htmlPage(
    subject,
    html`<p class="dim">From ${from} (answers go to ${replyTo})<br />To ${to}</p>
      <p class="text">${before}<a href="${url}">${url}</a>${after}</p>`,
  );
}

function landing(invite: SandboxInvite): Response {
  const { landingPage, successPage } = invite.template;
  const part = (name: string, { header, description, button }: typeof landingPage, hidden: boolean) =>
    html`<section id="${name}" ${hidden ? raw('hidden') : ''}>
      <h1 tabindex="-1">${fillTemplate(header, invite)}</h1>
      <p class="text">${fillTemplate(description, invite)}</p>
      <button type="button">${fillTemplate(button, invite)}</button>
    </section>`;
  return htmlPage(
    invite.template.company.name,
    html`${part('landing', landingPage, false)} ${part('success', successPage, true)}
      <p role="alert" id="trouble"></p>
      <noscript><p>${words.noScript}</p></noscript>`,
    { widget: '../v2/smile.v2.js', script, ownHeading: true },
  );
}

/** Opens the widget with a new token each time. After an account or document, the next page is the success page. */
const script = `
const parts = { landing: document.getElementById('landing'), success: document.getElementById('success') };
const trouble = document.getElementById('trouble');
let isDone = false;
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
      onAccountConnected: () => { isDone = true; },
      onUploadsCreated: () => { isDone = true; },
      onClose: () => { if (isDone) show('success'); },
    }).open();
  } catch {
    trouble.textContent = ${JSON.stringify(words.unreachable)};
  }
}
for (const part of Object.values(parts)) part.querySelector('button').addEventListener('click', start);
`;
