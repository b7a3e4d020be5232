/** What is known on this device of the accounts of a Wink screen. */
import { screenState, widgetsOf, isMet, type WinkState } from '../../form/runtime/wink.ts';
import type { PageScreen } from '../../contract/page.ts';
import type { DeviceAccount, Device } from '../device.ts';

/** Of one screen, by id, those told of last at the end. */
export const accountsOn = ({ state }: Device, screen: string): [string, DeviceAccount][] =>
  Object.entries(state.accounts[screen] ?? {});

/** What widget `at` of `screen` has come to. `broken`: it could not be opened. The server judges alike. */
export function widgetState(device: Device, screen: PageScreen, at: number, broken: boolean): WinkState {
  const own = accountsOn(device, screen.id).filter(([, { widget }]) => widget === at);
  const require = widgetsOf(screen.wink)[at]?.require ?? 'any';
  const reached: WinkState[] = [];
  if (own.some(([, { status }]) => status === 'CONNECTED')) reached.push('connected');
  if (device.state.uploads?.[`${screen.id}/${at}`]) reached.push('uploaded');
  const counts = reached.find((state) => isMet(require, state)) ?? reached[0];
  return counts ?? (broken || own.some(([, { status }]) => status === 'ERROR') ? 'failed' : 'skipped');
}

/** What the whole screen has come to. */
export const stateOn = (device: Device, screen: PageScreen, broken: (at: number) => boolean): WinkState =>
  screenState(
    widgetsOf(screen.wink).map(({ require }, at) => ({ require, state: widgetState(device, screen, at, broken(at)) })),
  );
