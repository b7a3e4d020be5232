/** A QR code as a picture. */
import { encode } from 'uqr';

/** `text` as an SVG, always black on white: cameras read nothing else as reliably. */
export function qrCode(text: string): string {
  const { data, size } = encode(text, { ecc: 'L', border: 3 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return `<svg viewBox="0 0 ${size} ${size}" aria-hidden="true" shape-rendering="crispEdges"><path stroke="none" fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="none" fill="#000" d="${squares}"/></svg>`;
}
