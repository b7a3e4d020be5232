import { initials } from '../invented/providers.ts';

/** The logo of a provider or a kind of document: initials on a square, so that no trademark is copied. */
export function logo(name: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" role="img" aria-label="${name}">
  <rect width="88" height="88" rx="20" fill="#e8e6e1"/>
  <text x="44" y="55" font-family="system-ui, sans-serif" font-size="32" font-weight="600" text-anchor="middle" fill="#1d1c1a">${initials(name)}</text>
</svg>
`;
}
