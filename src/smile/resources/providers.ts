/** The providers of work accounts (Smile, Providers). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, openEnum, boundedList } from '../reading.ts';
import type { ListLimit } from './filters.ts';

const text = z.string();
const flag = z.boolean();

const providerSchema = shape('provider', {
  needed: { id: text.min(1), name: text.max(200) },
  documented: {
    longName: text,
    logoUrl: text,
    type: openEnum<'GIG' | 'GOVERNMENT' | 'SYSTEM' | 'EMPLOYER' | 'CREDENTIAL'>(),
    typeLabel: text,
    subType: text,
    subTypeLabel: text,
    active: flag,
    enabled: flag,
    mfa: flag,
    accountConnection: flag,
    supported: boundedList(text),
    monitorSupported: flag,
  },
});

export interface ProviderFilter {
  type?: string;
  subType?: string;
  /** Whether linking works now. */
  active?: boolean;
  /** Whether this tenant may use it. */
  enabled?: boolean;
  accountConnection?: boolean;
  name?: string;
  ids?: string[];
  /** At most 10, listed first. */
  topIds?: string[];
}

export function providers({ find, list }: SmileTransport) {
  return {
    listProviders: (filter: ProviderFilter & ListLimit = {}) => list('/providers', providerSchema, { ...filter }),
    getProvider: (providerId: string) => find('/providers/{id}', providerId, providerSchema),
  };
}
