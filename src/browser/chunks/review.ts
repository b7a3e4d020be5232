/** "Check your answers": all answers before submitting, each with a button to change it. */
import type { PageScreen } from '../../contract/page.ts';
import type { Answer } from '../../form/runtime/condition.ts';
import { countsAsConnected } from '../../form/runtime/wink.ts';
import { fillPipes, isolated } from '../../form/runtime/text.ts';
import { button, element, icon } from '../element.ts';
import { hasFiles } from '../preload.ts';
import { pick } from '../sensitive.ts';
import { pause, type PageContext, type Chunks } from '../page-context.ts';
import { files as fileWords, linked as linkedWords, page as pageWords, review as words, server } from 'virtual:words';
import { accountsOn } from './wink/accounts.ts';

export function mount(page: PageContext): Chunks['review'] {
  const { data, device, form, navigation, view } = page;
  const section = element('section', { className: 'screen', id: 's-review' });
  form.appendChild(section);

  /** The text of `place`, without additions such as "(optional)". Answers in it keep their own direction. */
  function textOf(place: Element | null): string {
    const copy = place?.cloneNode(true) as HTMLElement | undefined;
    copy?.querySelectorAll('.option').forEach((one) => one.remove());
    for (const pipe of copy?.querySelectorAll('[data-pipe]') ?? [])
      pipe.textContent = isolated(`${pipe.textContent}`, `${copy?.textContent}`);
    return copy?.textContent?.trim() ?? '';
  }

  /** The label of a field, or of its one checkbox. */
  const labelOf = (field: Element) => textOf(field.querySelector('legend, label:not(.card), .label, .card'));

  const rowOf = (label: string, answer: string): Node => {
    const value = element('dd', { textContent: answer || words.none, className: answer ? '' : 'dim' });
    return element('div', {}, element('dt', { textContent: label }), value);
  };

  /** Whether the files of earlier visits are listed. */
  let isListed = true;

  /** The names of the files that the answer names. Only these are sent. */
  function filesIn(field: Element, answer: Answer | undefined): string {
    const ids = [answer ?? []].flat();
    const rows = ids.map((id) => field.querySelector(`[data-stored="${CSS.escape(String(id))}"] [data-file]`));
    const names = rows.flatMap((row) => row?.textContent ?? []).join('\n');
    return names || (isListed || !ids[0] ? '' : fillPipes(fileWords.arrived, { name: labelOf(field) }));
  }

  /** The connected accounts and documents of a Wink screen. */
  function linkedRows({ id, wink = [] }: PageScreen): Node[] {
    const linked = accountsOn(device, id).filter(([, account]) => countsAsConnected(account));
    const rows = linked.map(([, { name, status }]) => rowOf(name ?? words.account, status === 'CONNECTED' ? words.connected : linkedWords.wasRead)); // prettier-ignore
    if (wink.some((_, at) => device.state.uploads?.[`${id}/${at}`])) rows.push(rowOf(words.documents, words.arrived));
    // A person who came by a link to go on may not have seen the screen here.
    const { [id]: state } = device.state.answers;
    if (!rows[0] && state === 'connected') rows.push(rowOf(words.account, words.connected));
    if (!rows[0] && state === 'uploaded') rows.push(rowOf(words.documents, words.arrived));
    return rows;
  }

  function rowsOf(screen: PageScreen): Node[] {
    if (screen.wink) return linkedRows(screen);
    const { answers: pathAnswers } = navigation.reached();
    return screen.fields.flatMap(({ id, kind }): Node[] => {
      const field = form.querySelector(`#s-${screen.id} [data-field="${id}"]`);
      if (
        !field ||
        field.matches('input') ||
        kind === 'nothing' ||
        !navigation.evaluate(screen, pathAnswers).shown.includes(id)
      )
        return [];
      const agreed = kind === 'boolean' && pathAnswers[id] && field.querySelector('[type=checkbox]');
      const answer =
        kind === 'files' ? filesIn(field, pathAnswers[id]) : agreed ? '✓' : view.shownAnswer(id, pathAnswers);
      return [rowOf(labelOf(field), answer)];
    });
  }

  function block(screen: PageScreen): Node[] {
    const rows = rowsOf(screen);
    if (!rows.length) return [];
    const title = textOf(view.sectionOf(screen.id).querySelector('h1'));
    const showScreen = () => {
      page.detour = () => {
        page.detour = undefined;
        const { path, ending } = navigation.reached();
        return ending ? { ending } : { screen: path.at(-1) ?? '' };
      };
      page.show(screen);
    };
    const change = button(words.change, showScreen, 'quiet');
    change.append(element('span', { className: 'hide', textContent: ` ${title}` }));
    const head = element('div', { className: 'head' }, element('h2', { textContent: title }), change);
    return [element('div', { className: 'panel' }, head, element('dl', { className: 'answers' }, ...rows))];
  }

  /** The answers as the review was shown. Another tab can store them in another order. */
  let listed = '';
  const answersNow = () => JSON.stringify(Object.entries(device.state.answers).sort());
  addEventListener('storage', () => {
    if (!section.matches('.now')) return;
    // Another tab of the draft has saved other answers, which are sent from here too. They may lead to a further screen.
    if (answersNow() !== listed) void show();
    else void readPrivate();
  });

  let reading: Promise<void> | undefined;
  /** Once at a time, however often the person presses Send while the server is away: each reading draws the review again. */
  const readPrivate = () => (reading ??= readSaved().finally(() => (reading = undefined)));

  /** Lists private answers that another tab has saved, of which only the server knows. */
  async function readSaved(): Promise<void> {
    if (!device.state.incomplete) return;
    const submission = await page.chunk('submission');
    // The saves of this tab come first, so that none of them is newer than the answers of the server.
    if (!(await submission.flush()) || !section.matches('.now')) return;
    // The other tab may have emptied one.
    device.update(({ answers, typed }) => {
      const screens = Object.entries(typed).map(([screen, values]) => [screen, pick(data, values, true)]);
      return { answers: pick(data, answers, true), typed: Object.fromEntries(screens) as typeof typed };
    });
    const { revision } = device.state;
    await submission.resume();
    // Another tab may have saved again meanwhile.
    const isOld = device.state.revision !== revision;
    if (isOld) device.update({ incomplete: true });
    // The form may have ended, or the person has left the review meanwhile.
    if (location.hash !== '#review') return;
    await showAgain();
    if (isOld) return readSaved();
    // The person may have pressed Send.
    view.note(server.changedElsewhere);
  }

  addEventListener('popstate', ({ state }: { state: { review?: true } | null }) => {
    if (state?.review) void show();
  });

  return {
    finish() {
      // A further press, while the review waits for the list of files, adds no entry.
      if (location.hash !== '#review') history.pushState({ review: true, inner: true }, '', '#review');
      void show();
    },
    show: showAgain,
  };

  function showAgain(): Promise<void> {
    // The current screen keeps its own history entry.
    page.show(page.currentScreen(), 'back');
    return show();
  }

  /** Waits for files of earlier visits, but not if the server does not answer. */
  async function filesOn(screens: PageScreen[]): Promise<void> {
    const screensWithFiles = screens.filter(hasFiles);
    if (!screensWithFiles[0]) return;
    const files = await page.chunk('files');
    const areListed = Promise.all(screensWithFiles.map(({ id }) => files.show(id))).then((all) => all.every(Boolean));
    isListed = (await Promise.race([areListed, pause()])) === true;
  }

  async function show(): Promise<void> {
    const { path, ending, answers } = navigation.reached();
    // The person has changed an answer and come back without "Continue". Later answers would be sent unseen.
    if (!ending) return page.show(navigation.screen(path.at(-1)) as PageScreen, 'replace');
    listed = answersNow();
    const finish = () => {
      if (device.state.incomplete) void readPrivate();
      else void page.chunk('submission').then((keep) => keep.finish());
    };
    const send = button(pageWords.send, finish, 'button go');
    send.dataset['next'] = '';
    const arrow = icon('back');
    (arrow.firstChild as Element).classList.add('turn');
    const back = element('button', { type: 'button', className: 'quiet' }, arrow, pageWords.back);
    back.dataset['back'] = '';
    const screens = path.flatMap((id) => data.screens.filter((one) => one.id === id));
    for (const { id } of screens) view.fillPipes(view.sectionOf(id), answers);
    await filesOn(screens);
    // The person may have gone back meanwhile.
    if (location.hash !== '#review') return;
    section.replaceChildren(
      element('h1', { textContent: words.title, tabIndex: -1 }),
      element('p', { className: 'lines', textContent: words.text }),
      ...screens.flatMap(block),
      element('div', { className: 'near' }, send, back),
    );
    for (const one of form.querySelectorAll('.screen')) one.classList.toggle('now', one === section);
    view.focusHeading(section);
    void readPrivate();
  }
}
