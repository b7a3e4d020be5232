import { html } from 'hono/html';
import { htmlPage } from '../http/page.ts';

/** The page for developers: opens the widget, and shows callbacks, events and mails. */
export function consolePage(): Response {
  return htmlPage(
    'Local Smile',
    html`<p>
        A stand-in for Smile’s sandbox. Try the widget here, and watch what any integration on this machine makes of it.
        Sign in as <b>George</b> with <b>123456</b>, and <b>1234</b> where a code is asked for.
      </p>
      <form id="try">
        <label for="template">Wink template</label>
        <input id="template" name="templateId" placeholder="wtpl-…" autocomplete="off" />
        <label for="providers">Providers, none for all</label>
        <input id="providers" name="providers" placeholder="grab, sss_ph" autocomplete="off" />
        <label class="row"><input type="checkbox" name="enableUpload" checked />Take documents</label>
        <button>Open for a new user</button>
        <button class="other" name="again" hidden>Open for the same user</button>
      </form>
      <p role="alert" id="trouble"></p>
      <h2 id="callbacks-heading">Callbacks to the page</h2>
      <ol aria-labelledby="callbacks-heading" id="callbacks"></ol>
      <h2 id="sent">Events</h2>
      <p class="dim">Newest first, with the answer of each receiver.</p>
      <ol aria-labelledby="sent" id="events"></ol>
      <h2 id="mails">Outbox</h2>
      <ol aria-labelledby="mails" id="outbox"></ol>
      <h2>Documents</h2>
      <p><a href="payslip.pdf">The sample payslip</a>, the one document that can be read.</p>`,
    { widget: '../v2/smile.v2.js', script },
  );
}

const script = `
const byId = (id) => document.getElementById(id);
const callbacks = ['onAccountCreated', 'onAccountConnected', 'onAccountRemoved', 'onAccountError', 'onTokenExpired',
  'onClose', 'onUploadsCreated', 'onUploadsRemoved', 'onUIEvent'];
let userId;

function line(title, detail, href) {
  const item = document.createElement('li');
  const name = document.createElement(href ? 'a' : 'b');
  name.textContent = title;
  if (href) name.href = href;
  const code = document.createElement('code');
  code.textContent = detail;
  item.append(name, ' ', code);
  return item;
}

async function ask(path, body) {
  const answer = await fetch(path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json()).message);
  return answer.json();
}

byId('try').addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  const again = event.submitter?.name === 'again';
  byId('trouble').textContent = '';
  try {
    const user = await ask('users', again ? { userId } : {});
    userId = user.userId;
    event.target.elements.again.hidden = false;
    const providers = fields.get('providers').split(',').map((id) => id.trim()).filter(Boolean);
    const options = { userToken: user.accessToken, templateId: fields.get('templateId') || undefined, providers };
    if (fields.has('enableUpload') || !options.templateId) options.enableUpload = fields.has('enableUpload');
    for (const name of callbacks) {
      options[name] = (about) => byId('callbacks').prepend(line(name, JSON.stringify(typeof about === 'object' ? about : {})));
    }
    new SmileLinkModal(options).open();
  } catch (error) {
    byId('trouble').textContent = error.message;
  }
});

const result = ({ dropped, attempts }) => dropped ? 'kept back' : attempts.map(({ status, error }) => status ?? error ?? '…').join(', ');

async function watch() {
  try {
    const [events, outbox] = await Promise.all([ask('events'), ask('outbox')]);
    byId('events').replaceChildren(...events.items.slice(0, 30).map(({ type, createdAt, deliveries }) =>
      line(type, [createdAt, ...deliveries.map((one) => one.url + ' ' + result(one))].join('  '))));
    byId('outbox').replaceChildren(...outbox.items.slice(0, 30).map(({ id, to, subject }) => line(subject, to, 'outbox/' + id)));
  } catch {}
  setTimeout(watch, 2000);
}
void watch();
`;
