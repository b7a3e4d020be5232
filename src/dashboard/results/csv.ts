/** The numbers of Results as a CSV file. */
import { BOM, csvLine } from '../people/csv/csv.ts';
import type { ResultsView, RowView, StepView } from './view.ts';

const HEADER = ['section', 'id', 'name', 'people', 'share_of_started', 'median_seconds', 'left_here', 'clicks', 'opened', 'started', 'connected', 'not_eligible', 'completed']; // prettier-ignore

/** The same numbers as the page: the funnel, then each table. */
export function resultsCsv({ steps, byLink, byDay, byLanguage, byDevice }: ResultsView): string {
  const lines = [
    ...steps.flatMap((step) => [
      stepLine(step),
      ...step.breakdown.map(({ name, count }) => line('part', step.id, name, count)),
    ]),
    ...[['link', byLink], ['day', byDay], ['language', byLanguage], ['device', byDevice]].flatMap(([section, rows]) => (rows as RowView[]).map((row) => rowLine(section as string, row))), // prettier-ignore
  ];
  return BOM + csvLine(HEADER) + lines.map(csvLine).join('');
}

const stepLine = ({ id, label, count, share, medianSeconds, left }: StepView): string[] =>
  line('step', id, label, count, share, medianSeconds, left);

const rowLine = (
  section: string,
  { id, name, clicks, opened, started, connected, notEligible, completed, share }: RowView,
) => line(section, id, name, null, share, null, null, clicks, opened, started, connected, notEligible, completed);

const line = (...cells: (string | number | null | undefined)[]): string[] =>
  HEADER.map((_, at) => String(cells[at] ?? ''));
