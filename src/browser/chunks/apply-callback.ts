/** Keeps what a widget says of accounts on the device: a reload must not forget it. */
import { STATUS_BY_CALLBACK } from '../../smile/callback-status.ts';
import type { DeviceAccount, Device } from '../device.ts';

/** Takes in one callback of widget `at` on `screen`. What names no account that one could ask for changes nothing. */
export function applyCallback(
  device: Device,
  screen: string,
  at: number,
  name: string,
  said: Record<string, unknown>,
): void {
  const { [screen]: accounts = {} } = device.state.accounts;
  const keep = (changed: Record<string, DeviceAccount>) =>
    device.update(({ accounts: all }) => ({ accounts: { ...all, [screen]: changed } }));
  if (name === 'onUploadsCreated' || name === 'onUploadsRemoved') {
    // How many are left is counted by the server; until it has said so, the last word counts.
    device.update(({ uploads }) => ({ uploads: { ...uploads, [`${screen}/${at}`]: name === 'onUploadsCreated' } }));
  }
  if (name === 'onUIEvent' && said['eventName'] === 'MfaPageOpened') {
    // The event names no account, but its provider; the one that waits for it is the last.
    const [id, waiting] = Object.entries(accounts).findLast(([, one]) => one.widget === at && one.status !== 'CONNECTED') ?? []; // prettier-ignore
    if (id && waiting) keep({ ...accounts, [id]: { ...waiting, status: 'AWAITING_MFA' } });
  }
  const { accountId: id, providerId: provider, errorCode } = said;
  const status = STATUS_BY_CALLBACK[name];
  if (!status || typeof id !== 'string' || !/^[\w-][\w.-]{0,199}$/.test(id)) return;
  const { [id]: known, ...others } = accounts;
  if (name === 'onAccountCreated' && known?.status === 'CONNECTED') return;
  const entry: DeviceAccount = {
    status,
    widget: at,
    ...(known?.name && { name: known.name }),
    provider: typeof provider === 'string' ? provider.slice(0, 200) : (known?.provider ?? ''),
    ...(status === 'ERROR' && { error: typeof errorCode === 'string' ? errorCode.slice(0, 200) : '' }),
  };
  keep({ ...others, [id]: entry });
}
