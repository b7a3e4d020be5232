import { Lexer } from 'yaml';

/** The comments of a text, with their offsets. */
export function commentsIn(text: string): { text: string; at: number }[] {
  const comments: { text: string; at: number }[] = [];
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    // The lexer marks the beginning of a document or a text, and the end of a list, with characters of its own.
    if (/^[\u0002\u0018\u001f]$/.test(token) && text[at] !== token) continue;
    if (token.startsWith('#')) comments.push({ text: token, at });
    at += token.length;
  }
  return comments;
}
