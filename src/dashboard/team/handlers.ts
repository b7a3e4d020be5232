/** The team: owners add colleagues, change their roles and remove them. */
import { giveCode } from '../../members/codes.ts';
import { ROLES, type Grant } from '../../members/roles.ts';
import { changeRoles, removeFromTeam, withdrawCode, type TeamProblem } from '../../members/team.ts';
import { memberOf, type DashboardContext } from '../context.ts';
import { page } from '../http/page.ts';
import { codeAddress, teamView, type TeamView } from './view.ts';

export async function showTeam(c: DashboardContext): Promise<Response> {
  return page(c, 'team', await teamView(c));
}

const PROBLEMS: Record<TeamProblem, string> = {
  'no member': 'There is no member with this email any more.',
  'last owner': 'Somebody has to be an owner of all forms. Make another member an owner first.',
};

/** One change of the team: add, roles, reset, remove or withdraw. */
export async function changeTeam(c: DashboardContext): Promise<Response> {
  const { form } = c.var.posted;
  const wanted = form.get('do') ?? '';
  const email = (form.get('email') ?? '').trim();
  const { db, log } = c.var.options;
  const done = async (sentence: string) => {
    log?.info({ member: memberOf(c).id, act: wanted }, 'The team was changed');
    return page(c, 'team', await teamView(c, { done: sentence }));
  };
  const refuse = async (problem: string, more: Partial<TeamView> = {}) =>
    page(c, 'team', await teamView(c, { problem, ...more }), 422);
  switch (wanted) {
    case 'add':
    case 'reset':
      return giveAccess(c, wanted, email);
    case 'roles': {
      const grants = grantsIn(form);
      if (!grants) return refuse('Choose a role. For a role on some forms, choose at least one form.');
      const problem = await changeRoles(db, email, grants);
      return problem ? refuse(PROBLEMS[problem]) : done(`${email} has the new role now.`);
    }
    case 'remove': {
      const problem = await removeFromTeam(db, email);
      return problem
        ? refuse(PROBLEMS[problem])
        : done(`${email} was removed, and is signed out everywhere. Codes that they made no longer work.`);
    }
    case 'withdraw':
      await withdrawCode(db, email);
      return done(`The code of ${email} no longer works.`);
    default:
      return refuse('Choose what to change.');
  }
}

async function giveAccess(c: DashboardContext, what: 'add' | 'reset', email: string): Promise<Response> {
  const { db, log } = c.var.options;
  const grants = what === 'add' ? grantsIn(c.var.posted.form) : undefined;
  const entered = what === 'add' ? { email, grants: grants ?? [] } : undefined;
  const refuse = async (problem: string) => page(c, 'team', await teamView(c, { problem, entered }), 422);
  if (what === 'add' && !grants) return refuse('Choose a role. For a role on some forms, choose at least one form.');
  const given = await giveCode(db, { what, email, now: c.var.now, madeBy: memberOf(c).id, ...(grants && { grants }) });
  // The sentence of a refusal names a command of the terminal behind its first full stop.
  if (given.fault !== undefined) return refuse(`${given.fault.split('. ')[0]?.replace(/\.$/, '') ?? ''}.`);
  log?.info({ member: memberOf(c).id, act: what }, 'The team was changed');
  const made = { email: given.email, code: given.code, address: codeAddress(c), isNew: what === 'add' };
  return page(c, 'team', await teamView(c, { made }));
}

/** The roles that a posted form names. Undefined where it names none. */
function grantsIn(form: URLSearchParams): Grant[] | undefined {
  const role = ROLES.find((one) => one === form.get('role'));
  if (!role) return undefined;
  const forms = form.get('scope') === 'some' ? form.getAll('form') : [null];
  if (!forms.length) return undefined;
  const mayReveal = role === 'reviewer' && form.get('reveal') === 'yes';
  return [...new Set(forms)].map((one) => ({ role, form: one, mayReveal }));
}
