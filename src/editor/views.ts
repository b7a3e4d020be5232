/** The view that is open. Its name is in the address, so that loading the page again opens it. */
import { signal } from '@preact/signals';

export const VIEWS = ['outline', 'text', 'map'] as const;
export type ViewName = (typeof VIEWS)[number];

/** On a phone one of these fills the page. On a desktop they stand beside each other. */
export type PageName = 'list' | 'panel' | 'preview';

const viewIn = (hash: string): ViewName => VIEWS.find((view) => hash === `#${view}`) ?? 'outline';

/** @param place the address of the page */
export function createViews(place: Location, history: Pick<globalThis.History, 'replaceState'>) {
  const view = signal(viewIn(place.hash));
  const page = signal<PageName>('list');
  const line = signal<number | undefined>();
  return {
    view,
    page,
    /** The line that *Text* goes to and selects, from 1. */
    line,
    open(name: ViewName) {
      view.value = name;
      page.value = 'list';
      history.replaceState(null, '', name === 'outline' ? `${place.pathname}${place.search}` : `#${name}`);
    },
  };
}

export type Views = ReturnType<typeof createViews>;
