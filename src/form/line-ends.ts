/** Line ends of texts that a browser sends. A text field turns every line end into CR LF (HTML, form submission). */

/**
 * Gives `sent` the line ends of `before`: CR LF only if most lines of `before` end so.
 * @param before the text that was in the field
 */
export function withLineEndsOf(before: string, sent: string): string {
  const lines = sent.replaceAll('\r\n', '\n');
  const [all, crlf] = [before.split('\n').length - 1, before.split('\r\n').length - 1];
  return crlf * 2 > all ? lines.replaceAll('\n', '\r\n') : lines;
}
