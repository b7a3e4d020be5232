/** The errors and doubts of a text, as the editor shows them. */
import type { EditorFault } from '../../contract/editor.ts';
import type { FormFault } from '../../form/faults/faults.ts';
import type { Parsed } from '../../form/parse.ts';
import type { DashboardContext } from '../context.ts';

/** The errors or doubts of the text `text` of a form. */
export const faultsIn = async (c: DashboardContext, slug: string, text: string): Promise<EditorFault[]> =>
  faultsOf(await c.var.options.publisher.check(slug, text));

/** The faults of a checked text, as the editor shows them. A text without faults can have doubts. */
export const faultsOf = (parsed: Parsed): EditorFault[] =>
  parsed.ok ? parsed.doubts.map((doubt) => ({ ...asShown(doubt), isDoubt: true })) : parsed.faults.map(asShown);

/** An error without its file and the lines around it, which the editor has. */
const asShown = ({ file: _file, frame: _frame, ...fault }: FormFault): EditorFault => fault;
