/** File fields: each chosen file is sent at once, with its progress, tried again when the network fails, and can be removed. */
import type { FileList } from '../../contract/api.ts';
import { fillPipes } from '../../form/runtime/text.ts';
import { button, element, icon } from '../element.ts';
import { pause, type PageContext, type Chunks } from '../page-context.ts';
import { files as words } from 'virtual:words';
import { setBusy } from './busy.ts';
import { openSignature } from './signature.ts';
import { sendFile } from './upload.ts';

export function mount(page: PageContext): Chunks['files'] {
  const { form, device, navigation, view } = page;
  const underWay = new Map<string, Set<Promise<void>>>();
  /** One is sent after another: they are stored in the order in which they were chosen, and the first is there soon. */
  let line = Promise.resolve();
  /** Screens that were shown: when their files of before are there. */
  const shown = new Map<string, Promise<void>>();
  /** What hands over the signatures of a screen. */
  const pads = new Map<string, (() => Promise<boolean>)[]>();

  const inputOf = (field: Element) => field.querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement;
  const idsIn = (field: Element) => field.querySelectorAll('input[type=hidden]').length;

  /** Answers and limits, after a file has come or gone. */
  function settle(field: HTMLElement): void {
    const input = inputOf(field);
    const most = Number(field.dataset['most']);
    const count = field.querySelectorAll('[data-file]').length;
    input.required = 'required' in field.dataset && !idsIn(field);
    const add = field.querySelector<HTMLElement>('.add');
    if (add) add.hidden = count >= most;
    // What has the focus must not go out of sight with it.
    if (add?.hidden && add.contains(document.activeElement)) field.querySelector<HTMLElement>('.files button')?.focus();
    const label = field.querySelector('[data-add]');
    if (label) label.textContent = count ? words.addMore : words.add;
    form.dispatchEvent(new Event('input'));
  }

  function add(field: HTMLElement, screen: string, file: File): void {
    const stop = new AbortController();
    const picture = file.type.startsWith('image/') ? thumbnail(file) : icon('read');
    const row = rowFor(field, file.name, picture, () => stop.abort());
    const bar = element('progress', { max: 100, value: 0 });
    const said = element('p', { className: 'dim' });
    bar.setAttribute('aria-label', file.name);
    const retry = button(words.retry, () => go(), 'quiet');
    retry.hidden = true;
    row.append(bar, said, retry);
    const id = field.dataset['field'] ?? '';
    const key = page.uuid();
    settle(field);

    const go = () => {
      retry.hidden = true;
      bar.hidden = false;
      const sending = (line = line.then(send, send)).finally(() => underWay.get(screen)?.delete(sending));
      underWay.set(screen, (underWay.get(screen) ?? new Set()).add(sending));
    };
    async function send(): Promise<void> {
      const sent = await sendFile(page, { field: id, file, key, stop: stop.signal }, (percent) => {
        bar.value = percent;
        said.textContent = fillPipes(words.arriving, { name: file.name, percent });
      });
      bar.hidden = true;
      if (!row.isConnected) return;
      if (sent.ok) {
        said.textContent = '';
        hold(field, row, sent.id);
        view.note(fillPipes(words.arrived, { name: file.name }));
      } else if (sent.message) {
        row.remove();
        if (page.currentScreen().id === screen) page.refuse({ [id]: sent.message });
      } else {
        said.textContent = fillPipes(words.failed, { name: file.name });
        view.note(said.textContent);
        retry.hidden = false;
      }
      settle(field);
    }
    go();
  }

  /** Ties a row to the stored file, which becomes part of the answer. */
  function hold(field: HTMLElement, row: HTMLElement, id: string): void {
    row.dataset['stored'] = id;
    row.append(element('input', { type: 'hidden', name: field.dataset['field'] ?? '', value: id }));
  }

  function rowFor(field: HTMLElement, name: string, picture: Node, removed?: () => void): HTMLElement {
    const row = element('li');
    const title = element('span', {}, element('bdi', { textContent: name }));
    title.dataset['file'] = '';
    const drop = () => {
      const { stored } = row.dataset;
      row.remove();
      removed?.();
      settle(field);
      inputOf(field).focus();
      if (stored) void takeBack(stored);
    };
    const remove = button(words.remove, drop, 'quiet');
    remove.append(element('span', { className: 'hide', textContent: ` ${name}` }));
    row.append(element('span', { className: 'head' }, picture, title, remove));
    field.querySelector('.files')?.append(row);
    return row;
  }

  /** Tells the server, again and again until it answers: while it holds the file there is room for one fewer. */
  async function takeBack(file: string): Promise<void> {
    const keep = await page.chunk('submission');
    while (!(await keep.ask('DELETE', `submissions/${device.state.id}/files/${file}`, undefined))) await pause();
  }

  function take(field: HTMLElement, screen: string, files: Iterable<File>): void {
    const id = field.dataset['field'] ?? '';
    const say = navigation.screen(screen)?.fields.find((one) => one.id === id)?.say ?? {};
    const room = Number(field.dataset['most']) - field.querySelectorAll('[data-file]').length;
    const small = [...files].filter(({ size }) => size <= Number(field.dataset['largest']));
    for (const file of small.slice(0, room)) add(field, screen, file);
    // What is too large, or too many, is told at once and takes nobody's time on its way.
    const problem = small.length < [...files].length ? 'size' : small.length > room && 'many';
    if (problem) page.refuse({ [id]: say[problem] ?? say['typeMismatch'] ?? '' });
  }

  /** Files that were sent before, in another visit. */
  async function restore(fields: HTMLElement[]): Promise<void> {
    if (!device.state.id) return;
    const keep = await page.chunk('submission');
    const answer = await keep.ask<FileList>('GET', `submissions/${device.state.id}/files`, undefined);
    for (const { id, field, name } of answer?.ok ? answer.body.items : []) {
      const place = fields.find((one) => one.dataset['field'] === field);
      if (!place || place.querySelector(`[data-stored="${id}"]`)) continue;
      hold(place, rowFor(place, name, icon('read')), id);
      settle(place);
    }
  }

  addEventListener('beforeunload', (event) => {
    if ([...underWay.values()].some((sending) => sending.size)) event.preventDefault();
  });

  return {
    show(screen) {
      const before = shown.get(screen);
      if (before) return before;
      const fields = [...view.sectionOf(screen).querySelectorAll<HTMLElement>('[data-most]')];
      const here: (() => Promise<boolean>)[] = [];
      pads.set(screen, here);
      for (const field of fields) {
        const input = inputOf(field);
        const chosen = () => {
          take(field, screen, input.files ?? []);
          input.value = '';
        };
        input.onchange = chosen;
        // Somebody may have been quicker than this part was loaded.
        if (input.files?.[0]) chosen();
        if ('signature' in field.dataset) here.push(openSignature(field, (file) => take(field, screen, [file])));
      }
      const restored = restore(fields);
      shown.set(screen, restored);
      return restored;
    },
    async arrived(screen) {
      for (const use of pads.get(screen) ?? []) await use();
      const sending = underWay.get(screen);
      if (!sending?.size) return;
      setBusy(form, true);
      view.note(words.wait);
      while (sending.size) await Promise.all(sending);
      setBusy(form, false);
      view.note('');
    },
  };

  function thumbnail(file: File): HTMLElement {
    const image = element('img', { alt: '', src: URL.createObjectURL(file) });
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.replaceWith(icon('read'));
    return image;
  }
}
