/** The form as a respondent sees it, in a frame. */
import type { EditorModel } from '../model/model.ts';

export function Preview({ model }: { model: EditorModel }) {
  const count = model.faults.value.length;
  return (
    <p class="dim">{count ? 'The preview comes back when the text has no errors.' : 'There is no preview yet.'}</p>
  );
}
