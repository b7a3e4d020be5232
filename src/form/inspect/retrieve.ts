/** The data that a form reads from the accounts that people link on its Wink screens. */
import type { DataPoint, Form, Widget } from '../schema.ts';
import { widgetsOf } from '../runtime/wink.ts';

/** The place of a link. */
interface Place {
  screen: string;
  /** The index of the screen's widget, from 0. */
  widget: number;
}

/** The data of an account. Uploaded documents are no part of one. */
export type AccountPoint = Exclude<DataPoint, 'archives'>;

/** The data to read from accounts that were linked at `place`. */
export const retrievedOn = (form: Form, place: Place): AccountPoint[] =>
  (widgetAt(form, place)?.retrieve ?? []).filter((point) => point !== 'archives');

/** Whether Flipsite stores the data that Smile reads in documents uploaded at `place`. */
export const keepsUploads = (form: Form, place: Place): boolean =>
  widgetAt(form, place)?.retrieve.includes('archives') ?? false;

/** Whether uploads have an effect in a form. */
export const takesUploads = (form: Form): boolean =>
  form.screens.some(({ wink }) =>
    widgetsOf(wink).some(({ require, retrieve }) => require === 'uploaded' || require === 'any' || retrieve.includes('archives')),
  ); // prettier-ignore

/** Whether Flipsite disconnects accounts that were linked at `place` at Smile, once it has stored all of that data. */
export const isRevokedAfter = (form: Form, place: Place): boolean =>
  widgetAt(form, place)?.revoke === 'after_retrieval';

function widgetAt(form: Form, { screen, widget }: Place): Widget | undefined {
  const widgets = widgetsOf(form.screens.find(({ id }) => id === screen)?.wink);
  return widgets[widget] ?? widgets[0];
}
