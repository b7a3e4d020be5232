/** One route of the dashboard, and the questions about a table of them. */
import type { Permission } from '../members/roles.ts';
import type { DashboardContext } from './context.ts';
import { OPEN_PATHS } from './open-paths.ts';

export type Handler = (c: DashboardContext) => Response | Promise<Response>;

/**
 * The forms for which a route needs its permission. `any form`: one is enough, and the handler shows only the forms that the
 * member may see. `whole site`: the member needs it for all forms. A function finds the form of the request, and returns its
 * slug. Null means the whole site. Undefined means that the form does not exist. Then the permission for any form is enough,
 * and the handler answers 404.
 */
type Scope = 'any form' | 'whole site' | ((c: DashboardContext) => FormOf | Promise<FormOf>);
type FormOf = string | null | undefined;

/**
 * @property uploadBytes of a route that takes a form with a file: the largest size of both together
 * @property jsonBytes of a route that takes JSON: its largest size
 * @property onlyShows of a route whose post changes nothing for the member, and shows private data
 */
export type Route = {
  method: 'GET' | 'POST';
  path: string;
  needs?: Permission;
  for?: Scope;
  handler: Handler;
  uploadBytes?: number;
  jsonBytes?: number;
  onlyShows?: boolean;
};

/** The form that the path of a route names. */
export const formInPath: Scope = (c) => c.req.param('slug');

type More = Pick<Route, 'uploadBytes' | 'jsonBytes' | 'onlyShows'>;

const routeBy =
  (method: Route['method']) =>
  (path: string, needs: Permission, scope: Scope, handler: Handler, more: More = {}): Route => ({
    method,
    path,
    needs,
    for: scope,
    handler,
    ...more,
  });

export const get = routeBy('GET');
export const post = routeBy('POST');

/**
 * Checks that every route has a permission, so that a missing one fails at the start.
 * @throws {Error} for a route with neither a permission nor an open path, and for an open path with a permission
 */
export function checkRoutes(routes: readonly Route[]): void {
  for (const { method, path, needs, for: scope } of routes) {
    const isOpen = OPEN_PATHS.includes(path);
    if (isOpen && needs) throw new Error(`${method} ${path} is open to everyone. Remove "needs" from its route.`);
    if (!isOpen && (!needs || !scope)) {
      throw new Error(
        `${method} ${path} has no permission. Add "needs" and "for" to its route in dashboard/routes.ts.`,
      );
    }
    if (path.includes(':slug') && scope !== formInPath) {
      throw new Error(`${method} ${path} names a form. Set "for" to the form in its path.`);
    }
  }
}

const matches = (pattern: string, path: string): boolean => {
  const [parts, own] = [pattern.split('/'), path.split('/')];
  return parts.length === own.length && parts.every((part, at) => (part.startsWith(':') ? own[at] : part === own[at]));
};

/** The methods that the table has for an address, such as `GET, HEAD`. Empty for an unknown address. */
export function methodsAt(routes: readonly Route[], path: string): string {
  const methods = new Set(routes.filter((route) => matches(route.path, path)).map(({ method }) => method));
  return [...methods].map((method) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');
}

/**
 * The page with the button that was pressed: the one at the address that was posted to, or else the one above it. A file,
 * such as `submissions.csv`, is no page.
 */
export function pageOfPost(routes: readonly Route[], path: string): string | undefined {
  const posted = routes.find((route) => route.method === 'POST' && matches(route.path, path))?.path;
  const isPage = routes.some((route) => route.method === 'GET' && route.path === posted);
  if (isPage && !path.includes('.')) return path;
  const above = path.slice(0, path.lastIndexOf('/'));
  return routes.some((route) => route.method === 'GET' && matches(route.path, above)) ? above : undefined;
}
