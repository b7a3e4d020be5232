/** The address of a form as a QR code, for posters and screens. */
import { renderSVG } from 'uqr';
import type { Database } from '../../record/db/database.ts';
import { findCurrentForm } from '../../record/versions.ts';

/** Black on white in dark mode too, with the margin of ISO/IEC 18004. It stays readable with a seventh of it missing. */
export const qrPicture = (address: string, label = 'QR code of the form’s address'): string =>
  renderSVG(address, { ecc: 'M', border: 4 }).replace('<svg ', `<svg role="img" aria-label="${label}" `);

/** The QR code of the form `slug` as a file; undefined where people cannot reach it. */
export async function downloadQr(
  db: Database,
  slug: string,
  origin: string,
  examples = true,
): Promise<Response | undefined> {
  const form = await findCurrentForm(db, slug);
  if (!form?.form || form.removedAt !== null || (form.form.example && !examples)) return undefined;
  return new Response(qrPicture(`${origin}/${slug}`), {
    headers: {
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-disposition': `attachment; filename="${slug}-qr.svg"`,
    },
  });
}
