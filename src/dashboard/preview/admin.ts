/** The actions of the dashboard on the previews of a form. The site provides them. */
import type { PreviewedForm } from '../../publish/previews/preview-drafts.ts';
import type { PreviewKind } from '../../publish/previews/preview-token.ts';

export interface PreviewAdmin {
  /** Makes the link to the preview of a form. It is the same within an hour. `path`: below the site */
  link(form: string, kind: PreviewKind): Promise<{ path: string; expiresAt: Date }>;
  /** Withdraws all links to the preview of a form. */
  withdraw(form: string): Promise<void>;
  /** The form as its preview shows it now, and the number of its test answers. Undefined if there is no such form. */
  state(form: string): Promise<(PreviewedForm & { answers: number }) | undefined>;
  /** Deletes the test answers of a form. */
  forget(form: string): Promise<void>;
  /** Deletes the test answers of forms that were deleted, and their texts. */
  removeDeleted(): Promise<void>;
}
