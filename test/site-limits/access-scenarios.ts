import type { ACCESS_LIMITS } from '../../src/site-limits/access-limits.ts';
import type { Scenario } from './scenario.ts';

export const accessScenarios: Record<keyof typeof ACCESS_LIMITS, Scenario> = {};
