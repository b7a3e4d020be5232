/** Where people work, as Smile knows it (Smile, Providers). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, openEnum } from '../reading.ts';
import type { ListLimit } from './filters.ts';

const text = z.string();
const yes = z.boolean();

const providerSchema = shape(
  'provider',
  { id: text.min(1), name: text },
  {
    longName: text,
    logoUrl: text,
    type: openEnum<'GIG' | 'GOVERNMENT' | 'SYSTEM' | 'EMPLOYER' | 'CREDENTIAL'>(),
    typeLabel: text,
    subType: text,
    subTypeLabel: text,
    active: yes,
    enabled: yes,
    mfa: yes,
    accountConnection: yes,
    supported: z.array(text),
    monitorSupported: yes,
  },
);
export type SmileProvider = z.output<typeof providerSchema>;

export interface ProviderFilter {
  type?: string;
  subType?: string;
  /** Whether linking works right now. */
  active?: boolean;
  /** Whether this tenant may use it. */
  enabled?: boolean;
  accountConnection?: boolean;
  name?: string;
  ids?: string[];
  /** At most 10, put first. */
  topIds?: string[];
}

export function providers({ find, list }: SmileTransport) {
  return {
    listProviders: (filter: ProviderFilter & ListLimit = {}) => list('/providers', providerSchema, { ...filter }),
    getProvider: (providerId: string) => find('/providers/{id}', providerId, providerSchema),
  };
}
