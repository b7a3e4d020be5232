/**
 * File fields: uploads each chosen file at once, shows its progress, retries after network failures, and removes files.
 */
import type { FileList } from '../../../contract/api.ts';
import type { PageField } from '../../../contract/page.ts';
import { fillPipes } from '../../../form/runtime/text.ts';
import { button, element, icon } from '../../element.ts';
import { pauseLonger, type PageContext, type Chunks } from '../../page-context.ts';
import { files as words } from 'virtual:words';
import { setBusy } from '../busy.ts';
import { openSignature } from './signature.ts';
import { sendFile } from './upload.ts';

/** The longest time between the two taps of a double tap, in ms. */
const DOUBLE_TAP_MS = 400;

/** The longest time that an upload waits for removed files, in ms. */
const MAX_WAIT_MS = 15_000;

export function mount(page: PageContext): Chunks['files'] {
  const { form, device, navigation, view } = page;
  /** By screen: uploads that run. Each resolves to whether the person has to look at its file again. */
  const uploads = new Map<string, Set<Promise<boolean>>>();
  /** Uploads run one after another, to keep the order of the files and to finish the first one soon. */
  let queue: Promise<unknown> = Promise.resolve();
  /** By screen: resolves once the files of earlier visits are listed. */
  const shown = new Map<string, Promise<boolean>>();
  /** By screen with files of earlier visits: resolves to whether they are listed. */
  const expected = new Map<string, Promise<boolean>>();
  /** By id: removed files that the server may still have. They count to its limit. */
  const removals = new Map<string, Promise<unknown>>();
  /** By screen: functions that upload its signatures. */
  const pads = new Map<string, (() => Promise<boolean>)[]>();

  /** When a row was removed and none was added since. */
  let removedAt = -Infinity;

  const inputOf = (field: Element) => field.querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement;
  const idsIn = (field: Element) => [...field.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map(({ value }) => value); // prettier-ignore

  /** Updates the answer and the limits after a file was added or removed. */
  function updateField(field: HTMLElement): void {
    const input = inputOf(field);
    const maxFiles = Number(field.dataset['maxFiles']);
    const count = field.querySelectorAll('[data-file]').length;
    input.required = 'required' in field.dataset && !idsIn(field)[0];
    const add = field.querySelector<HTMLElement>('.add');
    if (add) add.hidden = count >= maxFiles;
    // Move the focus before its element is hidden.
    if (add?.hidden && add.contains(document.activeElement)) field.querySelector<HTMLElement>('.files button')?.focus();
    const label = field.querySelector('[data-add]');
    if (label) label.textContent = count ? words.addMore : words.add;
    // On another screen, nothing was entered.
    if (field.closest('.screen.now')) form.dispatchEvent(new Event('input'));
  }

  function add(field: HTMLElement, screen: string, file: File): void {
    const stop = new AbortController();
    const picture = file.type.startsWith('image/') ? thumbnail(file) : icon('read');
    const row = rowFor(field, file.name, picture, () => stop.abort());
    const bar = element('progress', { max: 100, value: 0 });
    const status = element('p', { className: 'dim' });
    bar.setAttribute('aria-label', file.name);
    const again = () => {
      dropNote(file.name);
      go();
      // Otherwise the browser's Forward would skip the changed answer.
      updateField(field);
    };
    const retry = button(words.retry, again, 'quiet');
    retry.hidden = true;
    row.append(bar, status, retry);
    const id = field.dataset['field'] ?? '';
    const key = page.uuid();
    updateField(field);

    const go = () => {
      retry.hidden = true;
      row.className = '';
      bar.hidden = false;
      const sent = queue.then(send, send);
      queue = sent;
      const sending = sent.finally(() => uploads.get(screen)?.delete(sending));
      uploads.set(screen, (uploads.get(screen) ?? new Set()).add(sending));
    };
    async function send(): Promise<boolean> {
      await Promise.race([Promise.all(removals.values()), new Promise((end) => setTimeout(end, MAX_WAIT_MS))]);
      const sent = await sendFile(page, { field: id, file, key, cancel: stop.signal }, (percent) => {
        bar.value = percent;
        status.textContent = fillPipes(words.arriving, { name: file.name, percent });
      });
      bar.hidden = true;
      if (!row.isConnected) {
        if (sent.ok) await removeStored(sent.id);
        return false;
      }
      if (sent.ok) {
        status.textContent = '';
        attachStored(field, row, sent.id);
        view.note(fillPipes(words.arrived, { name: file.name }));
      } else if (sent.message) {
        row.remove();
        // There may be no room because of a file that another tab has sent, or whose answer was lost.
        if (sent.refusal?.code.startsWith('too_')) await restore([field]);
        if (page.currentScreen().id === screen) refuseFile(id, sent.message);
      } else {
        status.textContent = fillPipes(words.failed, { name: file.name });
        view.note(status.textContent);
        retry.hidden = false;
        row.className = 'failed';
      }
      updateField(field);
      return !sent.ok;
    }
    go();
  }

  /** Connects a row to its stored file, which becomes part of the answer. */
  function attachStored(field: HTMLElement, row: HTMLElement, id: string): void {
    // The server may have listed it before its answer arrived.
    field.querySelector(`[data-stored="${id}"]`)?.remove();
    row.dataset['stored'] = id;
    row.append(element('input', { type: 'hidden', name: field.dataset['field'] ?? '', value: id }));
  }

  /** Drops the note that the file is uploaded, or could not be. A note about answers that wait stays. */
  function dropNote(name: string): void {
    const note = document.getElementById('status')?.textContent;
    if ([words.arrived, words.failed].some((one) => fillPipes(one, { name }) === note)) view.note('');
  }

  function rowFor(field: HTMLElement, name: string, picture: Node, removed?: () => void): HTMLElement {
    const row = element('li');
    removedAt = -Infinity;
    const title = element('span', {}, element('bdi', { textContent: name }));
    title.dataset['file'] = '';
    const removeRow = () => {
      // The row below takes the place of this one. The second tap of a double tap must not remove it.
      if (performance.now() < removedAt + DOUBLE_TAP_MS) return;
      removedAt = performance.now();
      const { stored } = row.dataset;
      row.remove();
      dropNote(name);
      removed?.();
      updateField(field);
      inputOf(field).focus();
      if (stored) void removeStored(stored);
    };
    const remove = button(words.remove, removeRow, 'quiet');
    remove.append(element('span', { className: 'hide', textContent: ` ${name}` }));
    row.append(element('span', { className: 'head' }, picture, title, remove));
    field.querySelector('.files')?.append(row);
    return row;
  }

  function removeStored(file: string): Promise<void> {
    const removal = deleteFile(file).finally(() => removals.delete(file));
    removals.set(file, removal);
    return removal;
  }

  /** Retries until the server answers. */
  async function deleteFile(file: string): Promise<void> {
    const submission = await page.chunk('submission');
    for (let failures = 0; ; failures++) {
      if (await submission.ask(undefined, 'DELETE', `submissions/${device.state.id}/files/${file}`)) return;
      await pauseLonger(failures);
    }
  }

  function addFiles(field: HTMLElement, screen: string, files: Iterable<File>): void {
    const id = field.dataset['field'] ?? '';
    const say = navigation.screen(screen)?.fields.find((one) => one.id === id)?.say ?? {};
    const room = Number(field.dataset['maxFiles']) - field.querySelectorAll('[data-file]').length;
    const fitting = [...files].filter(({ size }) => size <= Number(field.dataset['maxBytes']));
    for (const file of fitting.slice(0, room)) add(field, screen, file);
    // Files that are too large or too many are refused without an upload.
    const problem = fitting.length < [...files].length ? 'size' : fitting.length > room && 'many';
    if (problem) refuseFile(id, say[problem] ?? say['typeMismatch'] ?? '');
  }

  /** Shows an error beside those of other fields. A person who types in one of them goes on there. */
  function refuseFile(id: string, sentence: string): void {
    const shown = [...document.querySelectorAll<HTMLAnchorElement>('.now .summary a')];
    const typing = document.activeElement;
    page.refuse({ ...Object.fromEntries(shown.map(({ hash, text }) => [hash.slice(3), text])), [id]: sentence });
    if (typing?.matches('textarea,input:not([type=file])')) (typing as HTMLElement).focus({ preventScroll: true });
  }

  const fieldsOf = (screen: string) => [...view.sectionOf(screen).querySelectorAll<HTMLElement>('[data-max-files]')];

  /** Lists the files that the server has, and no others. @returns whether the server has answered */
  async function restore(fields: HTMLElement[]): Promise<boolean> {
    if (!device.state.id || !fields[0]) return true;
    // Without those that arrive meanwhile.
    const listed = fields.flatMap((field) => [...field.querySelectorAll<HTMLElement>('[data-stored]')]);
    const submission = await page.chunk('submission');
    const answer = await submission.ask<FileList>('items', 'GET', `submissions/${device.state.id}/files`);
    if (!answer?.ok) return !!answer;
    const { items } = answer.body;
    for (const row of listed) {
      const field = row.closest<HTMLElement>('[data-max-files]');
      if (!field || items.some(({ id }) => id === row.dataset['stored'])) continue;
      row.remove();
      updateField(field);
    }
    for (const { id, field, name } of items) {
      const place = fields.find((one) => one.dataset['field'] === field);
      if (!place || removals.has(id) || place.querySelector(`[data-stored="${id}"]`)) continue;
      attachStored(place, rowFor(place, name, icon('read')), id);
      updateField(place);
    }
    return true;
  }

  addEventListener('beforeunload', (event) => {
    // A removed file may be on its way for some seconds more, and the person loses nothing with it.
    if (form.querySelector('.files progress:not([hidden])')) event.preventDefault();
  });

  const files: Chunks['files'] = {
    show(screen) {
      const fields = fieldsOf(screen);
      const before = shown.get(screen);
      const { typed, answers } = device.state;
      if (before) {
        // Another tab or device may have given the answer other files.
        const isOutdated = (field: HTMLElement) =>
          String((typed[screen] ?? answers)[field.dataset['field'] ?? ''] ?? '') !== String(idsIn(field));
        const again = before.then(() => restore(fields.filter(isOutdated)));
        shown.set(screen, again);
        const wasListed = expected.get(screen) ?? true;
        expected.set(
          screen,
          again.then(async (isListed) => isListed && wasListed),
        );
        return again;
      }
      const ownPads: (() => Promise<boolean>)[] = [];
      pads.set(screen, ownPads);
      for (const field of fields) {
        const input = inputOf(field);
        const chosen = () => {
          addFiles(field, screen, input.files ?? []);
          input.value = '';
        };
        input.onchange = chosen;
        // The person may have chosen files before this chunk loaded.
        if (input.files?.[0]) chosen();
        const signed = (file: File) => {
          // As with a chosen file, the error about the one before is over.
          input.dispatchEvent(new Event('change'));
          addFiles(field, screen, [file]);
        };
        if ('signature' in field.dataset) ownPads.push(openSignature(field, signed));
      }
      const restored = restore(fields);
      shown.set(screen, restored);
      // The device keeps no ids of private files.
      const mayHave = ({ id, kind, sensitive }: PageField) =>
        kind === 'files' && (typed[screen]?.[id] ?? answers[id] ?? (typed[screen] && sensitive));
      if (navigation.screen(screen)?.fields.some(mayHave)) expected.set(screen, restored);
      return restored;
    },
    async refuse(screen, errors) {
      await restore(fieldsOf(screen));
      if (page.currentScreen().id === screen) page.refuse(errors);
    },
    async finishUploads(screen) {
      setBusy(form, true);
      // A page that has just loaded has not asked for the list yet.
      if (!shown.has(screen)) void files.show(screen);
      // Without the list, the answer would lose the files of earlier visits.
      let isListed = (await expected.get(screen)) ?? true;
      if (!isListed) expected.set(screen, Promise.resolve((isListed = await restore(fieldsOf(screen)))));
      setBusy(form, false);
      if (!isListed) {
        view.note(page.data.words.notLoaded);
        return false;
      }
      for (const use of pads.get(screen) ?? []) await use();
      const sending = uploads.get(screen);
      if (!sending?.size) return true;
      setBusy(form, true);
      let hasFailed = false;
      // Each file that has arrived takes the note away.
      for (const one of sending) {
        view.note(words.wait);
        if (await one) hasFailed = true;
      }
      setBusy(form, false);
      if (!hasFailed) view.note('');
      return !hasFailed;
    },
  };
  return files;

  function thumbnail(file: File): HTMLElement {
    const image = element('img', { alt: '', src: URL.createObjectURL(file) });
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.replaceWith(icon('read'));
    return image;
  }
}
