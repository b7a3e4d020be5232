import type { EventType } from './events.ts';
import type { Schedule } from './schedule.ts';
import type { Settings } from './settings.ts';
import type { Shape, SandboxState } from './state.ts';

/** What the parts of one Local Smile share. */
export interface Sandbox {
  apiKey: string;
  apiSecret: string;
  /** The public base of this instance, base path included, without a slash at the end. */
  origin: () => string;
  /** Smile's clock: this machine's, moved by the setting `clockSkewSeconds`. */
  now: () => Date;
  settings: Settings;
  state: SandboxState;
  schedule: Schedule;
  /** Tells every webhook that asked for this type. The events of one `userId` keep their order. */
  notify: (type: EventType, userId: string, data: Shape) => void;
}

/** The one customer organisation; user ids begin with it. */
export const TENANT_ID = 'local';
