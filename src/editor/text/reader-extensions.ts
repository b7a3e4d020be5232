/** How a text of a form looks in CodeMirror. The colors are in editor.css, so that they follow light and dark. */
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { pictures } from './pictures.ts';

/** For each view of a text: YAML in color, long lines wrapped, and style elements that the policy of the page allows. */
export const readerExtensions = (nonce: string): Extension => [
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({
    tabindex: '0',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
    dir: 'ltr',
  }),
  yaml(),
  pictures,
  syntaxHighlighting(classHighlighter),
];
