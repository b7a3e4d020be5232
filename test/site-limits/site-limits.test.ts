/** Walks the table of limits. A limit without a scenario does not compile. */
import { describe, it } from 'vitest';
import { SITE_LIMITS, type SiteLimitName } from '../../src/site-limits/site-limits.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { accessScenarios } from './access-scenarios.ts';
import { deliveryScenarios } from './delivery-scenarios.ts';
import { previewScenarios } from './preview-scenarios.ts';
import { localSmileScenarios } from './local-smile-scenarios.ts';
import { linkScenarios } from './link-scenarios.ts';
import { requestScenarios } from './request-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { smileScenarios } from './smile-scenarios.ts';
import { storageScenarios } from './storage-scenarios.ts';
import { submissionScenarios } from './submission-scenarios.ts';

const scenarios: Record<SiteLimitName, Scenario> = {
  ...requestScenarios,
  ...submissionScenarios,
  ...smileScenarios,
  ...localSmileScenarios,
  ...storageScenarios,
  ...deliveryScenarios,
  ...accessScenarios,
  ...previewScenarios,
  ...linkScenarios,
};

/** Limits that take seconds of a processor to pass. */
const LONG_ONLY: SiteLimitName[] = [
  'previewRequestsPerAddressAndMinute',
  'localSmileObjects',
  'localSmileChangesPerAddressAndDay',
  'networkTimes',
  'pagesRenderedPerMinute',
  'renderedPageBytes',
  'previewSubmissions',
  'currentPagesBytes',
  'earlierPagesBytes',
  'formHashesAtOnce',
  'formHashesWaiting',
  'requestsWaitingOnPostgres',
  'connections',
  'editorRequestsPerMember',
  'resultsPerMember',
  'countedRowsPerAddressAndDay',
  'writesWaitingOnSqlite',
  'formComments',
  'unreadAnswerBytes',
  'sharedLinks',
  'startsPerSecond',
  'cardPicturesBytes',
  'openingCounters',
  'openingsPerAddressAndMinute',
  'previewLinkDays',
  'previewPhoneDays',
  'previewAnswerDays',
  'previewFileBytes',
  'previewVersions',
  'previewsOpen',
  'commentNameCharacters',
];

describe('the limit on', () => {
  for (const [key, { counts, answer }] of Object.entries(SITE_LIMITS)) {
    const name = key as SiteLimitName;
    const add: typeof itLong = LONG_ONLY.includes(name) ? itLong : it;
    add(`${counts} answers ${answer} when it is passed`, scenarios[name]);
  }
});
