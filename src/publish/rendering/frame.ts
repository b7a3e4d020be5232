/** Widgets in a sandboxed frame, and the page inside the frame. */
import type { Form } from '../../form/schema.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';

/** The path of the frame's page, below the site's base. */
export const FRAME = '/assets/wink-frame.html';

/** Whether `form` has a widget that runs in the page itself, or in a frame. */
export const hasWidgetIn = (form: Form, where: 'page' | 'frame'): boolean =>
  form.screens.some(({ wink }) => widgetsOf(wink).some(({ frame }) => !frame === (where === 'page')));
