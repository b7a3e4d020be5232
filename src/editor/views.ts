/** The view and, on a phone, the page that is open. The view is in the address, so that loading the page again opens it. */
import { signal } from '@preact/signals';
import type { Path } from '../form/edit/edit.ts';

const VIEWS = ['outline', 'text', 'map'] as const;
export type ViewName = (typeof VIEWS)[number];

/** On a phone one of these fills the page, and its Back button goes to the list. On a desktop they are side by side. */
export type PageName = 'list' | 'panel' | 'preview';

/** A place in the text: a line, from 1, which is selected, or the beginning of a part. */
type TextPlace = { line: number } | { path: Path };

const viewIn = (hash: string): ViewName => VIEWS.find((view) => hash === `#${view}`) ?? 'outline';
const pageIn = (state: unknown): PageName => (state as { page?: PageName } | null)?.page ?? 'list';

/** @param window of the page, which has its address and its history */
export function createViews(window: Pick<Window, 'location' | 'history' | 'addEventListener'>) {
  const { location, history } = window;
  const view = signal(viewIn(location.hash));
  const page = signal<PageName>('list');
  const textPlace = signal<TextPlace | undefined>();
  const follow = (): void => {
    view.value = viewIn(location.hash);
    page.value = pageIn(history.state);
  };
  function open(name: ViewName): void {
    view.value = name;
    page.value = 'list';
    history.replaceState(null, '', name === 'outline' ? `${location.pathname}${location.search}` : `#${name}`);
  }
  // Loading the page again opens the list. A page that the history still names would need a second Back.
  history.replaceState(null, '');
  window.addEventListener('popstate', follow);
  window.addEventListener('hashchange', follow);
  return {
    view,
    page,
    /** The place that the focus and the caret of *Text* go to. */
    textPlace,
    /** Rules and conditions that are not complete, by the id of their part and a name. `from`: the text's value, as JSON. */
    unfinished: new Map<string, { from: string | undefined; value: unknown }>(),
    open,
    /** Opens *Text*, with the focus and the caret at a place. */
    openText(place: TextPlace): void {
      textPlace.value = place;
      open('text');
    },
    /** Fills a phone with a page. The Back button of the browser leaves it. */
    goTo(name: PageName): void {
      if (page.value !== name) history.pushState({ page: name }, '');
      page.value = name;
    },
    back: (): void => history.back(),
  };
}

export type Views = ReturnType<typeof createViews>;
