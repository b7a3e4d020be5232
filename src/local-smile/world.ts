import type { Schedule } from './schedule.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';
import type { EventType } from './webhooks.ts';

/** What the parts of one Local Smile share. */
export interface World {
  apiKey: string;
  apiSecret: string;
  /** The public base of this instance, base path included, without a slash at the end. */
  origin: () => string;
  settings: Settings;
  state: State;
  schedule: Schedule;
  /** Tells every webhook that asked for this type. `userId` decides which events keep their order. */
  notify: (type: EventType, data: { userId: string } & Record<string, unknown>) => void;
}

/** The one customer organisation; user ids begin with it. */
export const TENANT_ID = 'local';
