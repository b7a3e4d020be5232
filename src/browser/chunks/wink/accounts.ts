/** The accounts of a Wink screen, as this device knows them. */
import { countsAsConnected, screenState, widgetsOf, isMet, type WinkState } from '../../../form/runtime/wink.ts';
import type { PageScreen } from '../../../contract/page.ts';
import type { DeviceAccount, Device } from '../../device.ts';

/** The accounts of one screen by id, the latest last. */
export const accountsOn = ({ state }: Device, screen: string): [string, DeviceAccount][] =>
  Object.entries(state.accounts[screen] ?? {});

/** The state of widget `at` of `screen`, by the same rules as on the server. `isBroken`: it could not open. */
export function widgetState(device: Device, screen: PageScreen, at: number, isBroken: boolean): WinkState {
  const accounts = accountsOn(device, screen.id).filter(([, { widget }]) => widget === at);
  const require = widgetsOf(screen.wink)[at]?.require ?? 'any';
  const reached: WinkState[] = [];
  if (accounts.some(([, account]) => countsAsConnected(account))) reached.push('connected');
  if (device.state.uploads?.[`${screen.id}/${at}`]) reached.push('uploaded');
  const counts = reached.find((state) => isMet(require, state)) ?? reached[0];
  return counts ?? (isBroken || accounts.some(([, { status }]) => status === 'ERROR') ? 'failed' : 'skipped');
}

/** The state of the screen with all its widgets. */
export const stateOn = (device: Device, screen: PageScreen, isBroken: (at: number) => boolean): WinkState =>
  screenState(
    widgetsOf(screen.wink).map(({ require }, at) => ({
      require,
      state: widgetState(device, screen, at, isBroken(at)),
    })),
  );

/** Whether the person has shared an account or a document on any screen, also one that was disconnected since. */
export const hasShared = ({ state: { accounts, uploads = {} } }: Device): boolean =>
  Object.values(accounts).some((own) => Object.values(own).some(({ status }) => /CONNECTED/.test(status))) ||
  Object.values(uploads).includes(true);
