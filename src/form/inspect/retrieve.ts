/** What a form reads from the accounts that are linked on its Wink screens. */
import type { DataPoint, Form, Widget } from '../schema.ts';
import { widgetsOf } from '../runtime/wink.ts';

/** Where an account was linked. */
interface Place {
  screen: string;
  /** Which of the screen's widgets, from 0. */
  widget: number;
}

/** What is read from an account; uploaded documents are no part of one. */
export type AccountPoint = Exclude<DataPoint, 'archives'>;

/** What is read from accounts that were linked at `place`. */
export const retrievedOn = (form: Form, place: Place): AccountPoint[] =>
  (widgetAt(form, place)?.retrieve ?? []).filter((point) => point !== 'archives');

/** Whether what Smile reads in documents that are uploaded at `place` is stored. */
export const keepsUploads = (form: Form, place: Place): boolean =>
  widgetAt(form, place)?.retrieve.includes('archives') ?? false;

/** Whether it matters to a form what people upload. */
export const takesUploads = (form: Form): boolean =>
  form.screens.some(({ wink }) =>
    widgetsOf(wink).some(({ require, retrieve }) => require === 'uploaded' || require === 'any' || retrieve.includes('archives')),
  ); // prettier-ignore

/** Whether accounts that were linked at `place` are disconnected at Smile once all of that is stored. */
export const isRevokedAfter = (form: Form, place: Place): boolean =>
  widgetAt(form, place)?.revoke === 'after_retrieval';

function widgetAt(form: Form, { screen, widget }: Place): Widget | undefined {
  const widgets = widgetsOf(form.screens.find(({ id }) => id === screen)?.wink);
  return widgets[widget] ?? widgets[0];
}
