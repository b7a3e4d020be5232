/** A mistake in a document, a message or a comment. */
export interface Finding {
  /** Path from the root of the project. */
  file: string;
  /** The line in the file, from 1. */
  line: number;
  /** The problem and its replacement, as one sentence or two. */
  message: string;
  /** A warning is printed, and fails nothing. */
  warning?: boolean;
}

/** A piece of English in a file. */
export interface Passage {
  /** The line in the file on which the text begins, from 1. */
  line: number;
  /** The text, with its line breaks. Code in it is replaced by `CODE`. */
  text: string;
  kind: 'heading' | 'paragraph' | 'cell' | 'message' | 'comment';
}

/** Stands for a piece of code in a passage. It counts as one word, and is a capital, so that a sentence can begin with it. */
export const CODE = 'Ω';

/** One line for the terminal: `file:line  message`. */
export const printFinding = ({ file, line, message, warning }: Finding): string =>
  `${file}:${line}  ${warning ? 'warning: ' : ''}${message}`;
