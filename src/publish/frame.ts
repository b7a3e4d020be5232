/** Widgets that run in a sandboxed frame, and the page that such a one has to itself. */
import type { Form } from '../form/schema.ts';
import { widgetsOf } from '../form/runtime/wink.ts';

/** The path of that page, below where the site stands. */
export const FRAME = '/assets/wink-frame.html';

/** Whether a widget of `form` runs in the form's page itself, or in a frame. */
export const widgetsRun = (form: Form, where: 'page' | 'frame'): boolean =>
  form.screens.some(({ wink }) => widgetsOf(wink).some(({ frame }) => !frame === (where === 'page')));
