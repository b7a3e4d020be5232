/** Makes a logo from the file of a person: small enough to be part of the form's text. */
import { LOGO_DATA, MAX_LOGO_CHARACTERS } from '../../form/settings/logo-name.ts';

/** The page shows a logo at most this large, on screens with two dots a pixel. */
const MAX_WIDTH = 400;
const MAX_HEIGHT = 200;

const NO_PICTURE = 'Flipsite cannot read this picture. Choose an SVG, PNG, JPEG or WebP file.';
const TOO_LARGE = 'This picture is larger than 45 kB. Save it smaller, or choose a PNG or JPEG, which Flipsite makes smaller for you.'; // prettier-ignore

/** @returns the picture as a `data:` address. A photograph is made smaller, and an SVG stays as it is */
export async function logoOfFile(file: File): Promise<{ logo: string } | { problem: string }> {
  const isDrawing = /\.svg$/i.test(file.name) || file.type === 'image/svg+xml';
  const sizes = isDrawing ? [new Blob([file], { type: 'image/svg+xml' })] : await smallerSizes(file);
  const logos = await Promise.all(sizes.map(dataAddress));
  const logo = logos.find((one) => one.length <= MAX_LOGO_CHARACTERS && LOGO_DATA.test(one));
  return logo ? { logo } : { problem: logos.length ? TOO_LARGE : NO_PICTURE };
}

/**
 * The picture in the size that the page shows, first without a loss of quality. Empty for a file that is no picture.
 */
async function smallerSizes(file: File): Promise<Blob[]> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return [];
  const scale = Math.min(1, MAX_WIDTH / picture.width, MAX_HEIGHT / picture.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paper = canvas.getContext('2d');
  if (paper) {
    paper.imageSmoothingQuality = 'high';
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  }
  picture.close();
  const as = (type: string) => new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.85));
  const blobs = await Promise.all([as('image/png'), as('image/webp')]);
  return blobs.filter((blob) => blob !== null);
}

const dataAddress = (blob: Blob): Promise<string> =>
  new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener('loadend', () => done(typeof reader.result === 'string' ? reader.result : ''));
    reader.readAsDataURL(blob);
  });
