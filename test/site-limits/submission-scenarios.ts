import type { SUBMISSION_LIMITS } from '../../src/site-limits/submission-limits.ts';
import type { Scenario } from './scenario.ts';

export const submissionScenarios: Record<keyof typeof SUBMISSION_LIMITS, Scenario> = {};
