/** Bodies and answers that cross between the server and the editor of a form. Types only. */

/** An error in the text of a form, as the editor shows it. Line and column count from 1. */
export interface EditorFault {
  line: number;
  column: number;
  message: string;
  remedy: string | undefined;
  /** Of a part that may be a mistake: the form can still be published. */
  isDoubt?: true;
  /** `untranslated`: texts that lack a language of the form. The page of languages lists them, so they need no line. */
  kind?: 'untranslated' | undefined;
  /** The text that it is about, as its input has it, such as “Your company”. */
  text?: string | undefined;
}

/** `POST /admin/forms/{slug}/draft` */
export interface DraftToSave {
  /** With LF at each line end. The server gives it the line ends of the stored text. */
  text: string;
  /** The revision that the text was made from. */
  base: number;
}

/** 200: the draft is stored. */
export interface SavedDraft {
  revision: number;
  /** ISO 8601. */
  savedAt: string;
  /** The errors of the text, in its order. */
  faults: EditorFault[];
  /** Whether the text differs from the published one, or there is none. */
  isChanged: boolean;
}

/** 409: another change was saved since `base`, and nothing was stored. */
export interface DraftConflict {
  draft: OtherDraft;
}

/** The draft that is stored, when it is not the one that a text was made from. */
export interface OtherDraft {
  revision: number;
  text: string;
  /** The email of the member who saved it, or "you". */
  by: string;
  /** ISO 8601. */
  at: string;
}

/** An open comment of a colleague on a form. */
export interface EditorComment {
  id: string;
  /** The name that the person wrote. Nothing proves it. */
  name: string;
  text: string;
  /** ISO 8601. */
  createdAt: string;
  /** The ids of the screen and the question that it is about. Without them it is about the form. */
  screen?: string | undefined;
  field?: string | undefined;
}

/** The data that the page gives the editor at its start, beside the text. */
export interface EditorStart {
  slug: string;
  /** The email of the member, so that texts on a shared device stay apart. */
  member: string;
  revision: number;
  savedAt: string | undefined;
  isChanged: boolean;
  isPublished: boolean;
  faults: EditorFault[];
  /** The path of the part to open. Undefined where the address names none. */
  part: readonly (string | number)[] | undefined;
  /** Of the published form, by `translationKey`: the texts in the first language that each translation was published for. */
  translations: [string, string[]][];
  /** The newest first. */
  comments: EditorComment[];
  /** The path of the preview. Absent on a site without previews. */
  preview: string | undefined;
  /** For the style elements that the editor makes. The policy of the page allows those that have it. */
  nonce: string;
}
