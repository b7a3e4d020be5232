/** The team: owners add colleagues, change their roles and remove them. */
import { giveCode, withdrawCode } from '../../members/codes.ts';
import { listGrants } from '../../members/grants.ts';
import { may, ROLES } from '../../members/roles.ts';
import { changeRoles, listTeam, removeFromTeam, type TeamProblem } from '../../members/team.ts';
import type { Database } from '../../record/db/database.ts';
import { memberOf, siteAddress, type DashboardContext } from '../context.ts';
import { forbid, page } from '../http/page.ts';
import { addressWarning } from '../share/public-address.ts';
import { codeAddress, rolesAsText, teamView, type ChosenRoles, type TeamView } from './view.ts';

export async function showTeam(c: DashboardContext): Promise<Response> {
  return page(c, 'team', await teamView(c));
}

const PROBLEMS: Record<TeamProblem, string> = {
  'no member': 'There is no member with this email any more.',
  'last owner': 'Somebody has to be an owner of all forms. Make another member an owner first.',
};

const CHANGED = 'The role was changed in the meantime. Your choice is below. If you save it, it replaces the other.';

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
  const refuse = async (problem: string, more: Partial<TeamView> = {}, status = 422) =>
    page(c, 'team', await teamView(c, { problem, ...more }), status);
  switch (wanted) {
    case 'add':
    case 'reset':
      return giveAccess(c, wanted, email);
    case 'roles': {
      const { problem: unclear, ...chosen } = rolesIn(form);
      const { grants } = chosen;
      const shown = form.get('roles');
      if (unclear !== undefined) {
        const changed = { email, ...chosen, ...(shown !== null && { shown }) };
        return refuse(`The role of ${email} was not changed. ${unclear}`, { changed });
      }
      const problem = await asOwner(c, async (trx) => {
        const member = (await listTeam(trx, c.var.now)).members.find((one) => one.email === email);
        // A member may have clicked twice.
        const known = [shown, rolesAsText(grants)];
        if (member && shown !== null && !known.includes(rolesAsText(member.grants))) return 'changed';
        return changeRoles(trx, email, grants, c.var.now);
      });
      if (problem === 'no owner') return forbidChange(c);
      if (problem === 'changed') return refuse(CHANGED, { changed: { email, ...chosen } }, 409);
      return problem ? refuse(PROBLEMS[problem]) : done(`${email} has the new role now.`);
    }
    case 'remove': {
      const problem = await asOwner(c, (trx) => removeFromTeam(trx, email, c.var.now));
      if (problem === 'no owner') return forbidChange(c);
      return problem
        ? refuse(PROBLEMS[problem])
        : done(`${email} was removed, and is signed out everywhere. Codes that they made no longer work.`);
    }
    case 'withdraw':
      await withdrawCode(db, email, c.var.now);
      return done(`${email} has no code that works now.`);
    default:
      return refuse('Choose what to change.');
  }
}

/**
 * Makes the change, unless another owner has taken the member's own role since the request began. A member who sends
 * requests all the time would otherwise take the role back.
 */
const asOwner = <R>(c: DashboardContext, change: (trx: Database) => Promise<R>): Promise<R | 'no owner'> =>
  c.var.options.db.transaction(async (trx) => {
    const grants = await listGrants(trx, memberOf(c).id);
    return may(grants, 'changeSettings', null) ? change(trx) : 'no owner';
  });

const forbidChange = (c: DashboardContext): Promise<Response> => forbid(c, 'changeSettings', null);

async function giveAccess(c: DashboardContext, what: 'add' | 'reset', email: string): Promise<Response> {
  const { log } = c.var.options;
  const chosen = what === 'add' ? rolesIn(c.var.posted.form) : undefined;
  const grants = chosen?.grants;
  const entered = chosen && { email, ...chosen };
  const refuse = async (problem: string, isAboutEmail = false) =>
    page(c, 'team', await teamView(c, { problem, isAboutEmail, entered }), 422);
  if (chosen?.problem !== undefined) return refuse(chosen.problem);
  const wanted = { what, email, now: c.var.now, madeBy: memberOf(c).id, ...(grants && { grants }) };
  const result = await asOwner(c, (trx) => giveCode(trx, wanted));
  if (result === 'no owner') return forbidChange(c);
  // The sentence of a refusal names a command of the terminal behind its first full stop.
  if (result.fault !== undefined)
    return refuse(`${result.fault.split('. ')[0]?.replace(/\.$/, '') ?? ''}.`, what === 'add');
  log?.info({ member: memberOf(c).id, act: what }, 'The team was changed');
  const { code } = result;
  const warning = addressWarning(siteAddress(c));
  const made = { email: result.email, code, address: codeAddress(c), warning, isNew: what === 'add' };
  return page(c, 'team', await teamView(c, { made }));
}

/**
 * The roles that a posted form names, and the problem where they are unclear. Then the choice is only for the form that is
 * shown again.
 */
function rolesIn(form: URLSearchParams): ChosenRoles & { problem?: string } {
  const ticked = [...new Set(form.getAll('form'))];
  const isForAll = form.get('scope') !== 'some';
  const role = ROLES.find((one) => one === form.get('role'));
  if (!role) return { grants: [], isForAll, problem: 'Choose a role.' };
  const mayReveal = role === 'reviewer' && form.get('reveal') === 'yes';
  const chosen = { grants: (ticked.length ? ticked : [null]).map((one) => ({ role, form: one, mayReveal })), isForAll };
  if (isForAll && ticked.length)
    return { ...chosen, problem: 'You ticked forms, and chose All forms. Choose one of the two.' };
  if (!isForAll && !ticked.length) return { ...chosen, problem: 'Tick at least one form, or choose All forms.' };
  return chosen;
}
