/** The page behind the link of an invitation. Its token is in the fragment and goes to the server in a header. */
import { fillPipes } from '../../form/runtime/text.ts';
import { keepInvited } from './invited-here.ts';
import { invite as words, keep } from 'virtual:words';

const main = document.getElementById('invited') as HTMLElement;
const { api = '', base = '', form = '', over = '' } = main.dataset;
const [, id, token] = /^#([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
const button = main.querySelector('button') as HTMLButtonElement;
const forPerson = document.getElementById('person') as HTMLElement;
const status = document.getElementById('status') as HTMLElement;

const showMessage = (heading: string, text: string) => {
  const [title, about] = [main.querySelector('h1'), main.querySelector('.lines')];
  document.title = heading;
  title?.replaceChildren(heading);
  about?.replaceChildren(text);
  button.hidden = forPerson.hidden = true;
};

/** Whether this page begins the submission of the invitation, and no other device has. */
let isNew = false;

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

button.onclick = async () => {
  button.disabled = true;
  status.textContent = keep.loading;
  const answer = await post('begin');
  button.disabled = false;
  status.textContent = answer ? '' : words.noAnswer;
  if (!answer) return;
  if (answer.status > 299) return refused(answer.status, answer.body['error']);
  const { id: submission, token: submissionToken, language } = answer.body;
  // The form then does not ask whether the person began it.
  if (isNew) keepInvited(submission);
  // Replaces this page, so that "back" in the form does not return here.
  location.replace(`${base}/${form}/${language}#resume=${submission}.${submissionToken}`);
};

// Pasting another link here changes only the fragment, which loads nothing.
addEventListener('hashchange', () => location.reload());

if (!id) showMessage(words.broken, words.brokenText);
else
  void post('open').then((answer) => {
    // Without an answer the button is shown. Pressing it shows the error.
    if (answer && answer.status > 299) return refused(answer.status, answer.body['error']);
    const invitationStatus = answer?.body['status'];
    if (invitationStatus === 'sent') return showMessage(words.sent, words.sentText);
    if (invitationStatus === 'over') return showMessage(words.over, over);
    isNew = invitationStatus === 'open';
    if (invitationStatus === 'begun') button.textContent = words.goOn;
    const person = answer?.body['person'];
    if (person) {
      forPerson.textContent = fillPipes(forPerson.textContent, { person });
      forPerson.hidden = false;
    }
    button.hidden = false;
  });
