/** The dialog in which a colleague comments on a screen or a question of a preview, and approves the form. */
import type { CommentList, CommentToSend } from '../../contract/comments.ts';
import { button, element } from '../element.ts';
import type { PageContext } from '../page-context.ts';

// Two colons: the state of a form is under one colon and its slug.
const NAME = 'flipsite:comments:name';

/** Opens the dialog when `opener` is pressed. */
export function openComments({ data, form, currentScreen, view }: PageContext, opener: HTMLElement): void {
  const place = element('select', { id: 'comment-place' });
  const name = element('input', { id: 'comment-name', maxLength: 80, autocomplete: 'name', value: kept() });
  const text = element('textarea', { id: 'comment-text', maxLength: 2_000, rows: 3 });
  const status = element('p', { role: 'status', hidden: true });
  const list = element('ul', { className: 'comments-list' });
  const close = button('Close', () => dialog.close(), 'quiet');
  const labelled = (label: string, control: HTMLElement) =>
    element('div', {}, element('label', { htmlFor: control.id, textContent: label }), control);
  const dialog = element(
    'dialog',
    { className: 'comments', lang: 'en', dir: 'ltr', ariaLabel: 'Comment' },
    element('div', { className: 'head' }, element('h2', { textContent: 'Comment' }), close),
    labelled('About', place),
    labelled('Your name', name),
    labelled('Comment', text),
    status,
    button('Send comment', () => void sendOnce('comment'), 'button go'),
    button('Approve this form', () => void sendOnce('approval')),
    list,
  );
  document.body.append(dialog);
  opener.hidden = false;
  opener.onclick = () => {
    fillPlaces();
    dialog.showModal();
    void load();
  };

  /** The screen that is shown, and each question on it. */
  function fillPlaces(): void {
    const screen = form.hasAttribute('hidden') ? undefined : view.sectionOf(currentScreen().id);
    const fields = [...(screen?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
    place.replaceChildren(
      ...(screen ? [element('option', { value: '/', textContent: `This screen: ${titleOf(screen)}` })] : []),
      ...fields.map((field) => element('option', { value: field.dataset['field'] ?? '', textContent: labelOf(field) })),
      element('option', { value: '', textContent: 'The whole form' }),
    );
  }

  let isSending = false;
  /** A double click sends one comment. */
  async function sendOnce(kind: CommentToSend['kind']): Promise<void> {
    if (isSending) return;
    isSending = true;
    await send(kind).finally(() => (isSending = false));
  }

  async function send(kind: CommentToSend['kind']): Promise<void> {
    const about = place.value ? { screen: currentScreen().id, ...(place.value !== '/' && { field: place.value }) } : {};
    const comment: CommentToSend = { kind, ...(kind === 'comment' && about), name: name.value.trim(), text: text.value.trim(), version: data.version }; // prettier-ignore
    const missing = comment.name ? (kind === 'comment' && !comment.text ? text : undefined) : name;
    mark(missing);
    if (missing) return refuse(missing === name ? 'Enter your name.' : 'Enter a comment.', missing);
    const response = await fetch(`${data.api}/-/comments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(comment),
    }).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as { error?: { message: string } } | undefined;
    if (!response?.ok || !answer)
      return refuse(answer?.error?.message ?? 'The server cannot be reached. Try again.', text);
    keepName(comment.name);
    text.value = '';
    say(kind === 'approval' ? 'Your approval was sent.' : 'Your comment was sent.');
    await load();
  }

  /** Above the list of comments, of which a phone shows nothing without scrolling. */
  function say(message: string, className = ''): void {
    Object.assign(status, { textContent: message, className, hidden: false });
  }

  /** Gives the field without an answer the edge of an error. */
  function mark(missing: HTMLElement | undefined): void {
    for (const field of [name, text]) {
      field.ariaInvalid = field === missing ? 'true' : null;
      field.parentElement?.classList.toggle('bad', field === missing);
    }
  }

  function refuse(message: string, at: HTMLElement): void {
    say(message, 'error');
    at.focus();
  }

  async function load(): Promise<void> {
    const response = await fetch(`${data.api}/-/comments`).catch(() => undefined);
    if (!response?.ok) return;
    const { comments } = (await response.json()) as CommentList;
    list.replaceChildren(
      ...comments.map((comment) => {
        const what = comment.kind === 'approval' ? 'Approved' : placeOf(comment);
        const when = new Date(comment.at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
        const line = `, ${when}${what && `: ${what}`}${comment.isDone ? ' (done)' : ''}`;
        const words = element('p', { textContent: comment.text });
        words.dir = 'auto';
        return element(
          'li',
          {},
          element('p', { className: 'dim' }, element('bdi', { textContent: comment.name }), line),
          ...(comment.text ? [words] : []),
        );
      }),
    );
  }

  function placeOf({ screen, field }: Pick<CommentToSend, 'screen' | 'field'>): string {
    const section = screen === undefined ? null : document.getElementById(`s-${screen}`);
    const asked =
      field === undefined ? null : section?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
    return asked ? labelOf(asked) : section ? titleOf(section) : '';
  }
}

const titleOf = (screen: HTMLElement) => screen.querySelector('h1')?.textContent.trim() ?? '';
const labelOf = (field: HTMLElement) => field.querySelector('legend, label')?.textContent.trim() ?? '';

function kept(): string {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

function keepName(name: string): void {
  try {
    localStorage.setItem(NAME, name);
  } catch {}
}
