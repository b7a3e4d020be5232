/** Stores a widget's callbacks about accounts on the device, so that a reload keeps them. */
import { STATUS_BY_CALLBACK } from '../../../smile/callback-status.ts';
import type { DeviceAccount, Device } from '../../device.ts';

/** Applies one callback of widget `at` on `screen`. A callback without a usable account id changes nothing. */
export function applyCallback(
  device: Device,
  screen: string,
  at: number,
  name: string,
  detail: Record<string, unknown>,
): void {
  const { [screen]: accounts = {} } = device.state.accounts;
  const storeAccounts = (changed: Record<string, DeviceAccount>) =>
    device.update(({ accounts: all }) => ({ accounts: { ...all, [screen]: changed } }));
  if (name === 'onUploadsCreated' || name === 'onUploadsRemoved') {
    // The server counts the documents. Until its answer arrives the last callback counts.
    device.update(({ uploads }) => ({ uploads: { ...uploads, [`${screen}/${at}`]: name === 'onUploadsCreated' } }));
  }
  if (name === 'onUIEvent' && detail['eventName'] === 'MfaPageOpened') {
    // The event names only the provider. The account that waits for a code is the last one.
    const [id, waiting] = Object.entries(accounts).filter(([, one]) => one.widget === at && one.status !== 'CONNECTED').at(-1) ?? []; // prettier-ignore
    if (id && waiting) storeAccounts({ ...accounts, [id]: { ...waiting, status: 'AWAITING_MFA' } });
  }
  const { accountId: id, providerId: provider, errorCode } = detail;
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
  storeAccounts({ ...others, [id]: entry });
}
