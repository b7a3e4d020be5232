/** Forward only: a released migration never changes. A later one adds missing parts. */
import type { Migration } from 'kysely/migration';
import { tables } from './2026-11-24-tables.ts';
import { createFiles } from './2026-11-25-files.ts';
import { limits } from './2026-11-25-limits.ts';
import { suspicion } from './2026-11-25-suspicion.ts';
import { deliveries } from './2026-11-26-deliveries.ts';
import { erasure } from './2026-11-26-erasure.ts';
import { invitations } from './2026-11-26-invitations.ts';
import { createLinked } from './2026-11-26-linked.ts';
import { createJobs } from './2026-11-26-owed.ts';
import { widgets } from './2026-11-26-widgets.ts';
import { createArchives } from './2026-11-27-archives.ts';
import { usage } from './2026-11-27-usage.ts';
import { addInviteStatus } from './2026-11-27-invites.ts';
import { memberCodes } from './2026-11-27-member-codes.ts';
import { createProviders } from './2026-11-27-providers.ts';
import { tallies } from './2026-11-27-tallies.ts';
import { unbegun } from './2026-11-27-unbegun.ts';
import { unownedWebhooks } from './2026-11-27-unowned-webhooks.ts';
import { unsent } from './2026-11-27-unsent.ts';
import { whichCount } from './2026-11-27-which-count.ts';
import { standardNames } from './2026-11-28-standard-names.ts';
import { memberRoles } from './2026-11-29-member-roles.ts';
import { formTexts } from './2026-11-30-form-texts.ts';
import { lanes } from './2026-11-30-lanes.ts';
import { monitorTime } from './2026-11-30-monitor-time.ts';
import { closedForms } from './2026-12-01-closed-forms.ts';
import { links } from './2026-12-01-links.ts';
import { previews } from './2026-12-01-previews.ts';
import { reviews } from './2026-12-01-reviews.ts';
import { results } from './2026-12-02-results.ts';
import { scheduledPublications } from './2026-12-03-scheduled-publications.ts';
import { linkPeople } from './2026-12-04-link-people.ts';
import { codeMakers } from './2026-12-06-code-makers.ts';
import { peopleAtScreen } from './2026-12-04-people-at-screen.ts';
import { resultRevisions } from './2026-12-06-result-revisions.ts';
import { sharedCounts } from './2026-12-06-shared-counts.ts';
import { smileUsage } from './2026-12-20-smile-usage.ts';
import { otherSources } from './2026-12-28-other-sources.ts';
import { plainNames } from './2026-12-29-plain-names.ts';
import { comments } from './2026-12-30-comments.ts';
import { formInstances } from './2026-12-31-form-instances.ts';
import { siteKey } from './2026-12-31-site-key.ts';
import { visibleWords } from './2026-12-31-visible-words.ts';
import { waitingLanes } from './2026-12-31-waiting-lanes.ts';
import { claimedConnections } from './2027-01-01-claimed-connections.ts';
import { countsByDay } from './2027-01-01-counts-by-day.ts';
import { oldRows } from './2027-01-02-old-rows.ts';

/** Applied in the order of their names. */
export const migrations: Record<string, Migration> = {
  '2026-11-24-tables': tables,
  '2026-11-25-files': createFiles,
  '2026-11-25-limits': limits,
  '2026-11-25-suspicion': suspicion,
  '2026-11-26-deliveries': deliveries,
  '2026-11-26-erasure': erasure,
  '2026-11-26-invitations': invitations,
  '2026-11-26-linked': createLinked,
  '2026-11-26-owed': createJobs,
  '2026-11-26-widgets': widgets,
  '2026-11-27-archives': createArchives,
  '2026-11-27-invites': addInviteStatus,
  '2026-11-27-member-codes': memberCodes,
  '2026-11-27-providers': createProviders,
  '2026-11-27-tallies': tallies,
  '2026-11-27-unbegun': unbegun,
  '2026-11-27-unowned-webhooks': unownedWebhooks,
  '2026-11-27-unsent': unsent,
  '2026-11-27-usage': usage,
  '2026-11-27-which-count': whichCount,
  '2026-11-28-standard-names': standardNames,
  '2026-11-29-member-roles': memberRoles,
  '2026-11-30-form-texts': formTexts,
  '2026-11-30-lanes': lanes,
  '2026-11-30-monitor-time': monitorTime,
  '2026-12-01-closed-forms': closedForms,
  '2026-12-01-links': links,
  '2026-12-01-previews': previews,
  '2026-12-01-reviews': reviews,
  '2026-12-02-results': results,
  '2026-12-03-scheduled-publications': scheduledPublications,
  '2026-12-04-link-people': linkPeople,
  '2026-12-04-people-at-screen': peopleAtScreen,
  '2026-12-06-code-makers': codeMakers,
  '2026-12-06-result-revisions': resultRevisions,
  '2026-12-06-shared-counts': sharedCounts,
  '2026-12-20-smile-usage': smileUsage,
  '2026-12-28-other-sources': otherSources,
  '2026-12-29-plain-names': plainNames,
  '2026-12-30-comments': comments,
  '2026-12-31-form-instances': formInstances,
  '2026-12-31-site-key': siteKey,
  '2026-12-31-visible-words': visibleWords,
  '2026-12-31-waiting-lanes': waitingLanes,
  '2027-01-01-claimed-connections': claimedConnections,
  '2027-01-01-counts-by-day': countsByDay,
  '2027-01-02-old-rows': oldRows,
};
