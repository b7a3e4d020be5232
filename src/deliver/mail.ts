/** Renders a mail as plain text and as HTML, from the same content. */

export interface Mail {
  subject: string;
  heading: string;
  /** Paragraphs under the heading. */
  text: string[];
  /** Labels with answers, under headings. */
  groups: { title: string; rows: [label: string, value: string][] }[];
  /** The link to follow. */
  button?: { label: string; href: string };
  /** Small print at the end. */
  foot: string[];
  /** For `lang` and `dir` of the HTML. */
  language: { tag: string; direction: 'ltr' | 'rtl' };
  /** The color of the button, as CSS. */
  color?: string | undefined;
}

/** Plain text. Long lines are not wrapped: mail programs do that. */
export function mailText({ heading, text, groups, button, foot }: Mail): string {
  // A title and a label can contain an answer, whose lines would look like those of the mail.
  const answers = groups.map(({ title, rows }) =>
    [
      inOneLine(title),
      ...rows.map(
        ([label, value]) =>
          `  ${inOneLine(label)}${/[\p{P}]$/u.test(label) ? '' : ':'} ${value.replaceAll(LINE_BREAKS, '\n    ')}`,
      ),
    ].join('\n'),
  );
  const buttonLines = button ? [`${button.label}:\n${button.href}`] : [];
  return `${[heading, ...text, ...answers, ...buttonLines, '--', ...foot].join('\n\n')}\n`;
}

const inOneLine = (text: string): string => text.replaceAll(/[\s\u0085]+/g, ' ');

/** All that mail programs show as a new line (Unicode, UAX #14). */
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** Tables with inline styles: some mail programs support nothing else (caniemail.com). No pictures, no scripts. */
export function htmlOf(mail: Mail): string {
  const { heading, text, groups, button, foot, language, subject, color = '#1c4f5c' } = mail;
  const { tag, direction } = language;
  const start = direction === 'rtl' ? 'right' : 'left';
  const paragraph = (words: string) => `<p style="margin:0 0 16px">${lines(words)}</p>`;
  const rows = groups.flatMap(({ title, rows: groupRows }) => [
    `<tr><th colspan="2" scope="rowgroup" dir="auto" style="padding:16px 0 4px;text-align:${start};font-size:15px">${escaped(title)}</th></tr>`,
    ...groupRows.map(
      ([label, value]) =>
        `<tr><th scope="row" dir="auto" style="padding:8px 16px 8px 0;width:40%;text-align:${start};vertical-align:top;font-weight:400;color:#5f5b55;border-top:1px solid #e6e2db">${escaped(label)}</th><td dir="auto" style="padding:8px 0;vertical-align:top;border-top:1px solid #e6e2db">${lines(value)}</td></tr>`,
    ),
  ]);
  return `<!doctype html>
<html lang="${tag}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f2ee;color:#1c1b1a;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div role="article" style="max-width:560px;margin:0 auto;padding:28px 24px;background:#fff;border-radius:12px;text-align:${start};overflow-wrap:anywhere;word-break:break-word">
<h1 dir="auto" style="margin:0 0 16px;font-size:22px;line-height:1.3">${escaped(heading)}</h1>
${text.map(paragraph).join('\n')}
${rows.length ? `<table role="table" style="width:100%;border-collapse:collapse;margin:0 0 24px">${rows.join('')}</table>` : ''}
${button ? `<p style="margin:24px 0"><a href="${escaped(button.href)}" style="display:inline-block;padding:13px 22px;border-radius:8px;background:${color};color:#fff;font-weight:600;text-decoration:none">${escaped(button.label)}</a></p>` : ''}
<div style="margin-top:24px;padding-top:16px;border-top:1px solid #e6e2db;color:#5f5b55;font-size:14px">
${foot.map((words) => `<p style="margin:0 0 8px">${lines(words)}</p>`).join('\n')}
</div>
</div>
</body>
</html>
`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

const lines = (text: string): string => escaped(text).replaceAll(/\r?\n/g, '<br>');
