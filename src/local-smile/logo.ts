import { initials, type Provider } from './providers.ts';

/** A provider's logo as Local Smile draws it: its initials on a plain square, so that no trademark is copied. */
export function logo(provider: Provider): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" role="img" aria-label="${provider.name}">
  <rect width="88" height="88" rx="20" fill="#e8e6e1"/>
  <text x="44" y="55" font-family="system-ui, sans-serif" font-size="32" font-weight="600" text-anchor="middle" fill="#1d1c1a">${initials(provider.name)}</text>
</svg>
`;
}
