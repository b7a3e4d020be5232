/** The page that the link of an invitation opens. Its token stands in the fragment and goes to the server in a header. */
import { fillPipes } from '../../form/runtime/text.ts';
import { invite as words, keep } from 'virtual:words';

const main = document.getElementById('invited') as HTMLElement;
const { api = '', base = '', form = '', company = '' } = main.dataset;
const [, id, token] = /^#([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
const button = main.querySelector('button') as HTMLButtonElement;
const status = document.getElementById('status') as HTMLElement;

const say = (what: string, text: string) => {
  const [title, about] = [main.querySelector('h1'), main.querySelector('.said')];
  document.title = what;
  title?.replaceChildren(what);
  about?.replaceChildren(fillPipes(text, { company }));
  button.hidden = true;
};

/** The answer, or nothing where there is none. */
async function ask(what: 'open' | 'begin'): Promise<{ status: number; body: Record<string, string> } | undefined> {
  try {
    const response = await fetch(`${api}/api/invitations/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status > 499 || response.status === 429) return undefined;
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  } catch {
    return undefined;
  }
}

function refused(code: number, message: unknown): void {
  if (code === 409) say(words.sent, words.sentText);
  else if (code === 410) say(words.over, words.overText);
  else if (code === 403) say(words.over, String((message as { message?: string } | undefined)?.message ?? ''));
  else say(words.broken, words.brokenText);
}

button.onclick = async () => {
  button.disabled = true;
  status.textContent = keep.loading;
  const answer = await ask('begin');
  button.disabled = false;
  status.textContent = answer ? '' : words.offline;
  if (!answer) return;
  if (answer.status > 299) return refused(answer.status, answer.body['error']);
  const { id: submission, token: own, language } = answer.body;
  // In the place of this page: going back from the form does not come here again.
  location.replace(`${base}/${form}/${language}#resume=${submission}.${own}`);
};

// Another link pasted over this one changes the fragment alone, and loads nothing.
addEventListener('hashchange', () => location.reload());

if (!id) say(words.broken, words.brokenText);
else
  void ask('open').then((answer) => {
    // Without an answer the button stands, and tells what is wrong when it is pressed.
    if (answer && answer.status > 299) return refused(answer.status, answer.body['error']);
    const standing = answer?.body['standing'];
    if (standing === 'sent') return say(words.sent, words.sentText);
    if (standing === 'over') return say(words.over, words.overText);
    if (standing === 'begun') button.textContent = words.goOn;
    button.hidden = false;
  });
