/** The name of a member in a sentence. */
import { emailOf } from '../../members/members.ts';
import type { DashboardContext } from '../context.ts';

/** The member as others know them: the email, or a word for one who has left, and for a program. */
export async function memberName(c: DashboardContext, memberId: string | undefined): Promise<string> {
  if (memberId === undefined) return 'a program';
  if (memberId === c.var.member?.id) return 'you';
  return (await emailOf(c.var.options.db, memberId)) ?? 'a former member';
}
