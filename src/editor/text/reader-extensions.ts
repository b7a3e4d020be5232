/** How a text of a form looks in CodeMirror. The colors are in editor.css, so that they follow light and dark. */
import { yamlLanguage } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import { pictures } from './pictures.ts';

/**
 * YAML, of which CodeMirror reads only some lines again after a key. It can use a part of its last reading again if the part
 * is longer than this length. With the default of 1,024, a key reads about 80 lines again.
 */
export const formLanguage = yamlLanguage.configure({ bufferLength: 128 });

/** The parts of YAML that have a color. */
const colored = tagHighlighter([
  { tag: tags.propertyName, class: 'tok-key' },
  { tag: tags.string, class: 'tok-string' },
  { tag: tags.comment, class: 'tok-comment' },
  { tag: tags.keyword, class: 'tok-keyword' },
  { tag: tags.punctuation, class: 'tok-punctuation' },
]);

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
  formLanguage,
  pictures,
  syntaxHighlighting(colored),
];
