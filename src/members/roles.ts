/** Roles of members, and the permissions that each gives. */

export const ROLES = ['owner', 'editor', 'reviewer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** A role that a member has. `form`: the slug of one form, or null for all forms and the site itself. */
export type Grant = {
  role: Role;
  form: string | null;
  /** Whether a reviewer may also see and export sensitive answers. Other roles ignore it. */
  mayReveal: boolean;
};

/** The roles that have each permission. A reviewer has `revealAnswers` too, where the grant allows it. */
const PERMISSIONS = {
  /** Numbers of a form, its address and its errors. */
  seeResults: ['owner', 'editor', 'reviewer', 'viewer'],
  /** Names, answers, files, accounts, invitations and messages. */
  seePeople: ['owner', 'reviewer'],
  /** Sensitive answers: on the page, in a CSV file, in a copy of a person's data, or sent to another address. */
  revealAnswers: ['owner'],
  editForms: ['owner', 'editor'],
  invitePeople: ['owner', 'reviewer'],
  /** Sending messages, and trying failed jobs again. */
  sendMessages: ['owner', 'reviewer'],
  decideSpam: ['owner', 'reviewer'],
  erasePeople: ['owner', 'reviewer'],
  /** The team, keys, settings and the connection to Smile. */
  changeSettings: ['owner'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

const gives = ({ role, mayReveal }: Grant, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly Role[]).includes(role) ||
  (permission === 'revealAnswers' && role === 'reviewer' && mayReveal);

/**
 * Whether these grants give `permission`.
 * @param form the slug of a form, or null for the site itself, for which only a grant for all forms counts
 */
export const may = (grants: readonly Grant[], permission: Permission, form: string | null): boolean =>
  grants.some((grant) => gives(grant, permission) && (grant.form === null || grant.form === form));

/** The slugs of the forms on which these grants give `permission`; undefined for every form. */
export function formsWith(grants: readonly Grant[], permission: Permission): string[] | undefined {
  const fitting = grants.filter((grant) => gives(grant, permission));
  const slugs = fitting.flatMap(({ form }) => form ?? []);
  return fitting.some(({ form }) => form === null) ? undefined : [...new Set(slugs)];
}

/** The names of the roles that have `permission`, such as "Owner or Reviewer". */
export function rolesInWords(permission: Permission): string {
  const roles = PERMISSIONS[permission].map((role) => role.charAt(0).toUpperCase() + role.slice(1));
  const special = permission === 'revealAnswers' ? ['Reviewer with private answers'] : [];
  return new Intl.ListFormat('en', { type: 'disjunction' }).format([...roles, ...special]);
}
