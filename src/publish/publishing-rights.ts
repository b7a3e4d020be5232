/** The permissions that a version needs beyond that of editing the form. */
import { newReceivers } from '../form/settings/notify.ts';
import { deletesSooner } from '../form/settings/retention.ts';
import type { TriedPublish } from './publisher.ts';

/** The permissions that a member has for a form. */
export interface PublishingRights {
  revealAnswers: boolean;
  erasePeople: boolean;
}

/** Why a member with these permissions can't publish the version, as a sentence. Undefined if they can. */
export function missingRight(
  tried: TriedPublish,
  { revealAnswers, erasePeople }: PublishingRights,
): string | undefined {
  if (tried.status !== 'valid') return undefined;
  const { before, form } = tried;
  // A webhook carries sensitive answers, so an editor must not name its receiver.
  const [receiver] = newReceivers(before?.notify, form.notify);
  if (receiver !== undefined && !revealAnswers)
    return `This version would send answers to ${receiver}, which is new. Ask an owner to publish it.`;
  // An editor must not delete people's data.
  if (before && deletesSooner(before.retention, form.retention) && !erasePeople)
    return 'This version would delete drafts or submissions sooner, by `retention`. Ask an owner to publish it.';
  return undefined;
}
