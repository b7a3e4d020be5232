/** The icons of the outline and the panels, drawn with the color of the text around them. */
import type { ComponentChildren } from 'preact';

const Icon = ({ children }: { children: ComponentChildren }) => (
  <svg
    viewBox="0 0 24 24"
    width="18"
    height="18"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
);

export const UpIcon = () => (
  <Icon>
    <path d="M12 19V5m-6 6 6-6 6 6" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="M12 5v14m-6-6 6 6 6-6" />
  </Icon>
);
export const RemoveIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15V6a2 2 0 0 1 2-2h8" />
  </Icon>
);
export const DuplicateIcon = () => (
  <Icon>
    <rect x="4" y="4" width="11" height="11" rx="2" />
    <path d="M20 9v9a2 2 0 0 1-2 2H9m5.5-7.5v-6m-3 3h6" transform="translate(-5 0)" />
  </Icon>
);
export const WinkIcon = () => (
  <Icon>
    <path d="M13 2 4 14h6l-1 8 9-12h-6z" />
  </Icon>
);
export const AddIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
