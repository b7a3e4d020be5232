/** Parses source files as far as the search for comments and messages needs. */
import ts from 'typescript';

/** Neither parents nor the tags of comments are in the result. They take a third of the time. */
export const parseCode = (text: string, kind: ts.ScriptKind): ts.SourceFile =>
  ts.createSourceFile(
    'x',
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    kind,
  );
