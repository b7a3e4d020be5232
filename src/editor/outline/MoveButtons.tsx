/** The buttons that move a row of a numbered list, such as an option or a rule. */
import { DownIcon, UpIcon } from './icons.tsx';

interface MoveButtonsProps {
  /** The name of a row, such as "option". */
  row: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
}

/** The focus moves along, or the next press would move the row back. At an end of the list it goes to the other button. */
export const MoveButtons = ({ row, at, count, onMove }: MoveButtonsProps) => (
  <>
    {['up', 'down'].map((way, index) => {
      const to = at + index * 2 - 1;
      return (
        <button
          type="button"
          class="icon"
          disabled={to < 0 || to === count}
          aria-label={`Move ${row} ${at + 1} ${way}`}
          onClick={({ currentTarget }) => {
            const list = currentTarget.closest('ol');
            const find = (end: string) =>
              list?.querySelector<HTMLElement>(`[aria-label^="Move ${row} ${to + 1} ${end}"]:enabled`);
            onMove(to);
            requestAnimationFrame(() => (find(way) ?? find(''))?.focus());
          }}
          key={way}
        >
          {index ? <DownIcon /> : <UpIcon />}
        </button>
      );
    })}
  </>
);
