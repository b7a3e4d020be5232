const LINES_A_PAGE = 52;
const [WIDTH, HEIGHT, MARGIN, LEADING] = [595, 842, 56, 14];

/**
 * A PDF with A4 pages that shows these lines of text, the first one large. Characters outside Latin-1 become question
 * marks.
 */
export function pdf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const pages: string[][] = [];
  for (let from = 0; from < Math.max(lines.length, 1); from += LINES_A_PAGE) {
    pages.push(lines.slice(from, from + LINES_A_PAGE));
  }
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => {
      const content = pageContent(page, index === 0);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];

  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function pageContent(lines: string[], first: boolean) {
  const shown = lines.map((line, index) => `/F1 ${first && index === 0 ? 16 : 10} Tf (${escaped(line)}) Tj T*`);
  return `BT ${MARGIN} ${HEIGHT - MARGIN} Td ${LEADING} TL\n${shown.join('\n')}\nET`;
}

function escaped(line: string) {
  return line.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').replace(/[\\()]/g, '\\$&');
}
