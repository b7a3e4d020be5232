/** The buttons that move a row of a numbered list, such as an option or a rule. */
import { DownIcon, UpIcon } from './icons.tsx';

interface MoveButtonsProps {
  /** The name of a row, such as "option". */
  row: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
}

export function MoveButtons({ row, at, count, onMove }: MoveButtonsProps) {
  const labelOf = (place: number, way: string) => `Move ${row} ${place + 1} ${way}`;
  /** Moves the focus along, or the next press would move the row back. At an end of the list it goes to the other button. */
  function move(button: HTMLElement, way: string, to: number): void {
    const list = button.closest('ol');
    onMove(to);
    const find = (label: string) => list?.querySelector<HTMLElement>(`[aria-label^="${label}"]:enabled`);
    requestAnimationFrame(() => (find(labelOf(to, way)) ?? find(labelOf(to, '')))?.focus());
  }
  return (
    <>
      <button type="button" class="icon" disabled={at === 0} aria-label={labelOf(at, 'up')} onClick={({ currentTarget }) => move(currentTarget, 'up', at - 1)}><UpIcon /></button>
      <button type="button" class="icon" disabled={at === count - 1} aria-label={labelOf(at, 'down')} onClick={({ currentTarget }) => move(currentTarget, 'down', at + 1)}><DownIcon /></button>
    </>
  ); // prettier-ignore
}
