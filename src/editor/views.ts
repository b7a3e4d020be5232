/** The view and, on a phone, the page that is open. The view is in the address, so that loading the page again opens it. */
import { signal } from '@preact/signals';

const VIEWS = ['outline', 'text', 'map'] as const;
export type ViewName = (typeof VIEWS)[number];

/** On a phone one of these fills the page, and its Back button goes to the list. On a desktop they are side by side. */
export type PageName = 'list' | 'panel' | 'preview';

const viewIn = (hash: string): ViewName => VIEWS.find((view) => hash === `#${view}`) ?? 'outline';
const pageIn = (state: unknown): PageName => (state as { page?: PageName } | null)?.page ?? 'list';

/** @param window of the page, which has its address and its history */
export function createViews(window: Pick<Window, 'location' | 'history' | 'addEventListener'>) {
  const { location, history } = window;
  const view = signal(viewIn(location.hash));
  const page = signal<PageName>('list');
  const line = signal<number | undefined>();
  const follow = (): void => {
    view.value = viewIn(location.hash);
    page.value = pageIn(history.state);
  };
  window.addEventListener('popstate', follow);
  window.addEventListener('hashchange', follow);
  return {
    view,
    page,
    /** The line that *Text* goes to and selects, from 1. */
    line,
    open(name: ViewName): void {
      view.value = name;
      page.value = 'list';
      history.replaceState(null, '', name === 'outline' ? `${location.pathname}${location.search}` : `#${name}`);
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
