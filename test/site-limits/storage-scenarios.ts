import type { STORAGE_LIMITS } from '../../src/site-limits/storage-limits.ts';
import type { Scenario } from './scenario.ts';

export const storageScenarios: Record<keyof typeof STORAGE_LIMITS, Scenario> = {
  async filesInMemoryBytes() {},
  async memoryPerFileBytes() {},
  async filesOnTheirWayPerAddress() {},
  async filesOnTheirWayPerSubmission() {},
  async fileReadMs() {},
};
