import type { EventType } from './webhooks/events.ts';
import type { Schedule } from './schedule.ts';
import type { Settings } from './control/settings.ts';
import type { Shape, SandboxState } from './store/state.ts';

/** The state and services that all parts of one local Smile share. */
export interface Sandbox {
  apiKey: string;
  apiSecret: string;
  /** The public base of this instance, with its base path and without a slash at the end. */
  origin: () => string;
  /** Smile's clock: this machine's, moved by the setting `clockSkewSeconds`. */
  now: () => Date;
  settings: Settings;
  state: SandboxState;
  schedule: Schedule;
  /**
   * Sends an event to every webhook that asked for its type. The events of one `userId` stay in order. They do not wait for a
   * failed one, which is sent again later.
   */
  notify: (type: EventType, userId: string, data: Shape) => void;
}

/** The one customer organization; user ids begin with it. */
export const TENANT_ID = 'local';
