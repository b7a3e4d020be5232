/** Every bound on work that a stranger can cause, in one place. `docs/operate/limits.md` is generated from it. */
import { ACCESS_LIMITS } from './access-limits.ts';
import { DELIVERY_LIMITS } from './delivery-limits.ts';
import { PREVIEW_LIMITS } from './preview-limits.ts';
import { LINK_LIMITS } from './link-limits.ts';
import { LOCAL_SMILE_LIMITS } from './local-smile-limits.ts';
import { MEMORY_LIMITS } from './memory-limits.ts';
import { RATE_LIMITS } from './rate-limits.ts';
import { REQUEST_LIMITS } from './request-limits.ts';
import { SMILE_LIMITS } from './smile-limits.ts';
import { STORAGE_LIMITS } from './storage-limits.ts';
import { SUBMISSION_LIMITS } from './submission-limits.ts';
import { WORK_LIMITS } from './work-limits.ts';

export const SITE_LIMITS = {
  ...REQUEST_LIMITS,
  ...RATE_LIMITS,
  ...MEMORY_LIMITS,
  ...WORK_LIMITS,
  ...SUBMISSION_LIMITS,
  ...SMILE_LIMITS,
  ...LOCAL_SMILE_LIMITS,
  ...STORAGE_LIMITS,
  ...DELIVERY_LIMITS,
  ...ACCESS_LIMITS,
  ...PREVIEW_LIMITS,
  ...LINK_LIMITS,
};

export type SiteLimitName = keyof typeof SITE_LIMITS;
