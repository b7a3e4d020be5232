/** The icons that only the editor has, drawn as those of the dashboard. */

const icon = (path: string) => () => (
  <svg viewBox="0 0 20 20" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const UndoIcon = icon('M7.5 4.5 4 8l3.5 3.5M4.5 8H12a4 4 0 0 1 0 8H9');
export const RedoIcon = icon('M12.5 4.5 16 8l-3.5 3.5M15.5 8H8a4 4 0 0 0 0 8h3');
export const BackIcon = icon('M12 5l-5 5 5 5');
