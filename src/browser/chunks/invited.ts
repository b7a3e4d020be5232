/** The page behind the link of an invitation. Its token is in the fragment and goes to the server in a header. */
import { fillPipes } from '../../form/runtime/text.ts';
import { keepInvited } from './invited-here.ts';
import { invite as words, keep } from 'virtual:words';

const main = document.getElementById('invited') as HTMLElement;
const { api = '', base = '', form = '', over = '' } = main.dataset;
const [, id, token] = /^#([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
const button = main.querySelector('button') as HTMLButtonElement;
const forPerson = document.getElementById('person') as HTMLElement;
const filled = document.getElementById('filled') as HTMLElement;
const status = document.getElementById('status') as HTMLElement;

const showMessage = (heading: string, text: string) => {
  const [title, about] = [main.querySelector('h1'), main.querySelector('.lines')];
  document.title = heading;
  title?.replaceChildren(heading);
  about?.replaceChildren(text);
  button.hidden = forPerson.hidden = filled.hidden = true;
};

/** The status of the invitation before this page begins its submission; undefined without an answer. */
let before: string | undefined;

/** The answer; undefined if there is none. */
async function post(action: 'open' | 'begin'): Promise<{ status: number; body: Record<string, string> } | undefined> {
  try {
    const response = await fetch(`${api}/api/invitations/${id}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status > 499 || response.status === 429) return undefined;
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  } catch {
    return undefined;
  }
}

function refused(status: number, error: unknown): void {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  if (status === 409) showMessage(words.sent, words.sentText);
  // The form is closed, full or gone, and the message says so. A new invitation would open it no more than this one.
  else if (code.startsWith('form_')) showMessage(words.title, message);
  else if (status === 410) showMessage(words.over, over);
  else showMessage(words.broken, words.brokenText);
}

/** @returns whether there is an answer. It names the person, and says whether another device has begun. */
async function open(): Promise<boolean> {
  const answer = await post('open');
  if (!answer) return false;
  if (answer.status > 299) refused(answer.status, answer.body['error']);
  else if (answer.body['status'] === 'sent') showMessage(words.sent, words.sentText);
  else if (answer.body['status'] === 'over') showMessage(words.over, over);
  else {
    before = answer.body['status'];
    if (before === 'begun') button.textContent = words.goOn;
    const { person } = answer.body;
    if (person) {
      forPerson.textContent = fillPipes(forPerson.textContent, { person });
      forPerson.hidden = false;
    }
    filled.hidden = !answer.body['prefilled'];
    button.hidden = false;
  }
  return true;
}

button.onclick = async () => {
  button.disabled = true;
  status.textContent = keep.loading;
  // The person has to see the name on the invitation before they begin.
  const answer = before ? await post('begin') : await open();
  button.disabled = false;
  status.textContent = answer ? '' : words.noAnswer;
  if (typeof answer !== 'object') return;
  if (answer.status > 299) return refused(answer.status, answer.body['error']);
  const { id: submission, token: submissionToken, language } = answer.body;
  // The form then does not ask whether the person began it.
  if (before === 'open') keepInvited(submission);
  // Replaces this page, so that "back" in the form does not return here.
  location.replace(`${base}/${form}/${language}#resume=${submission}.${submissionToken}`);
};

// Pasting another link here changes only the fragment, which loads nothing.
addEventListener('hashchange', () => location.reload());

if (!id) showMessage(words.broken, words.brokenText);
else
  void open().then((isAnswered) => {
    // Pressing it asks again, and shows the error.
    if (!isAnswered) button.hidden = false;
  });
