/** The page of the team: members with their roles, codes that are not used, and the form to add a colleague. */
import type { Grant, Role } from '../../members/roles.ts';
import { listTeam, type OpenCode, type TeamMember } from '../../members/team.ts';
import { memberOf, siteAddress, type DashboardContext } from '../context.ts';
import { formSummaries } from '../forms/forms.ts';

export type MemberGrants = readonly Grant[];

/** The roles in the order in which they are offered. */
export const ROLES_IN_WORDS: readonly [Role, string][] = [
  ['owner', 'Owner: everything, and the team'],
  ['editor', 'Editor: makes and publishes forms, sees no people'],
  ['reviewer', 'Reviewer: sees people and their answers, invites and deletes them'],
  ['viewer', 'Viewer: sees numbers only'],
];

/** Roles as a member chose them. `isForAll`: whether the choice is All forms, which ticks can contradict. */
export interface ChosenRoles {
  grants: Grant[];
  isForAll: boolean;
}

export interface TeamView {
  members: (TeamMember & { isYou: boolean })[];
  codes: OpenCode[];
  /** The forms that a role can be for: those that are not archived, and those that a role is for already. */
  forms: { slug: string; title: string }[];
  /** A code that was just made. It is shown once. `warning` says why the address does not work for the colleague. */
  made: { email: string; code: string; address: string; warning: string | undefined; isNew: boolean } | undefined;
  /** The sentence about the last action. */
  done: string | undefined;
  problem: string | undefined;
  /** Whether `problem` is about the email of a new colleague. */
  isAboutEmail: boolean;
  /** The member's input for a new colleague, if it was refused. */
  entered: ({ email: string } & ChosenRoles) | undefined;
  /**
   * The roles that the member chose for another one, if they were not saved. `shown`: those that the page showed before, as
   * `rolesAsText`, so that a change by another member is still noticed.
   */
  changed: ({ email: string; shown?: string } & ChosenRoles) | undefined;
}

/** The roles of a member as text, to see whether another member has changed one since a page showed them. */
export const rolesAsText = (grants: MemberGrants): string =>
  JSON.stringify(grants.map(({ role, form, mayReveal }) => [form, role, mayReveal]).sort());

export async function teamView(c: DashboardContext, more: Partial<TeamView> = {}): Promise<TeamView> {
  const { db, examples } = c.var.options;
  const you = memberOf(c).email;
  const { members, codes } = await listTeam(db, c.var.now);
  // Saving the role of a member would take away the forms that are not listed.
  const granted = new Set([...members, ...codes].flatMap(({ grants }) => grants?.map(({ form }) => form) ?? []));
  const forms = (await formSummaries(db, c.var.now, examples)).filter(({ slug, state }) => state !== 'archived' || granted.has(slug)); // prettier-ignore
  return {
    members: members.map((member) => ({ ...member, isYou: member.email === you })),
    codes,
    forms: forms.map(({ slug, title }) => ({ slug, title })),
    made: undefined,
    done: undefined,
    problem: undefined,
    isAboutEmail: false,
    entered: undefined,
    changed: undefined,
    ...more,
  };
}

/** The address at which a person uses a code. */
export const codeAddress = (c: DashboardContext): string => `${siteAddress(c)}/admin/code`;
