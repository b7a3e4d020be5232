/** The journeys of a form as an indented list, for terminals. */
import type { Ending, Form, Screen } from '../schema.ts';
import { localize } from '../runtime/text.ts';
import { widgetsOf } from '../runtime/wink.ts';
import type { Journeys } from './explore.ts';
import { transitionsFrom, type Transition } from './transitions.ts';

/** Each screen with its transitions and their conditions, then the endings. */
export function journeyText(form: Form, journeys: Journeys): string {
  const language = form.languages[0];
  const width = Math.max(...[...form.screens, ...form.endings].map(({ id }) => id.length));
  const line = ({ id, title }: Screen | Ending, mark: string) =>
    `${id.padEnd(width)}  ${oneLine(localize(title, language ?? ''))}${mark}`;
  const screens = form.screens.flatMap((screen) => [
    line(
      screen,
      screen.wink
        ? `  (Wink: ${widgetsOf(screen.wink)
            .map(({ require }) => require)
            .join(', ')})`
        : '',
    ),
    ...transitionsFrom(form, journeys, screen).map((transition) => `  → ${transition.to}${whenOf(transition)}`),
  ]);
  const endings = form.endings.map((ending) =>
    line(ending, `  (ending${ending.outcome === 'disqualified' ? ', disqualified' : ''})`),
  );
  return [...screens, ...endings].join('\n');
}

function whenOf({ when, taken }: Transition): string {
  const condition = when && (when === 'otherwise' ? ' otherwise' : ` when ${when}`);
  return `${condition}${taken ? '' : ' (never used)'}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
