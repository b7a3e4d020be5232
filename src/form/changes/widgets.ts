/** Changes of the Wink widgets, in which people connect a work account. */
import { widgetsOf, type Require } from '../runtime/wink.ts';
import type { DataPoint, Screen, Widget } from '../schema.ts';
import {
  compareKeys, flag, losing, forPeople, setting, textOf, type Described, type Pair, type Table,
} from './compare.ts'; // prettier-ignore
import { listInWords, titleIn } from './change-sentences.ts';

/** The requirement of the screen, to follow "people must now". */
const REQUIRED: Record<Require, string> = {
  connected: 'must now connect an account',
  uploaded: 'must now upload a document',
  any: 'must now connect an account or upload a document',
  none: 'can now continue without an account',
};

/** The data that can be read, with its names in a sentence. */
const DATA_NAMES: Record<DataPoint, string> = {
  identities: 'identity',
  employments: 'employment',
  incomes: 'income',
  documents: 'documents in the account',
  contributions: 'contributions',
  liabilities: 'liabilities',
  transactions: 'transactions',
  ratings: 'ratings',
  eincomes: 'estimated income',
  insights: 'insights',
  links: 'links',
  archives: 'uploaded documents',
};

const namesOf = (points: readonly DataPoint[]): string => points.map((point) => DATA_NAMES[point]).join(', ');

const TABLE: Table<Widget> = {
  title: textOf('title'),
  text: textOf('text'),
  template: setting('Wink template'),
  require: ({ subject }, _was, is = 'any') => [forPeople((q) => `in ${subject(q)}, people ${REQUIRED[is]}.`)],
  retrieve: ({ subject }, was = [], is = []) => {
    const more = is.filter((point) => !was.includes(point));
    const less = was.filter((point) => !is.includes(point));
    return [
      ...(more.length
        ? [forPeople((q) => `Flipsite now also reads this data in ${subject(q)}: ${namesOf(more)}.`)]
        : []),
      ...less.map((point) =>
        losing((q) => `Flipsite no longer reads this data in ${subject(q)}: ${namesOf([point])}.`),
      ),
      // The page lists the data in this order.
      ...(more.length || less.length
        ? []
        : [forPeople((q) => `the data in ${subject(q)} is listed in another order.`)]),
    ];
  },
  revoke: ({ subject }, _was, is) =>
    is === 'after_retrieval'
      ? [
          losing(
            (q) => `Flipsite now disconnects accounts in ${subject(q)} after it reads them, so no later data arrives.`,
          ),
        ]
      : [forPeople((q) => `accounts in ${subject(q)} now stay connected after Flipsite reads them.`)],
  sdk: setting('version of the Wink widget', String),
  frame: flag(
    (s) => `${s} now runs in a frame that cannot read the page.`,
    (s) => `${s} no longer runs in a frame of its own.`,
  ),
};

/** The changes of the widgets of a screen. Widgets have no ids, so the first is compared with the first. */
export function widgetChanges(pair: Pair<Screen>, was: Screen['wink'], is: Screen['wink']): Described[] {
  const { subject, after, before } = pair;
  const [were, are] = [widgetsOf<Widget>(was), widgetsOf<Widget>(is)];
  if (!was) return [forPeople((q) => `people can now connect a work account on ${subject(q)}.`)];
  if (!is) return [losing((q) => `people no longer connect a work account on ${subject(q)}.`)];
  const kept = are.slice(0, were.length).flatMap((widget, at) => {
    const many = are.length > 1;
    const name = widget.title && many ? titleIn(after, widget.title) : undefined;
    return compareKeys(TABLE, {
      ...pair,
      was: were[at] as Widget,
      is: widget,
      subject: (q) => `the Wink widget ${name ? q(name) : `on ${subject(q)}`}`,
      path: [...pair.path, 'wink', ...(Array.isArray(is) ? [at] : [])],
    });
  });
  const names = (widgets: Widget[], form: typeof after) =>
    widgets.map(({ title }) => (title ? titleIn(form, title) : 'Wink'));
  const [more, less] = [are.slice(were.length), were.slice(are.length)];
  return [
    ...(more.length
      ? [forPeople((q) => `${subject(q)} has more Wink widgets: ${listInWords(names(more, after), q)}.`)]
      : []),
    ...(less.length ? [losing((q) => `${subject(q)} no longer has these Wink widgets: ${listInWords(names(less, before), q)}.`)] : []), // prettier-ignore
    ...kept,
  ];
}
