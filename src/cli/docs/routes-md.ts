/** The table of all routes in `docs/integrate/api.md`, generated from the definitions of the endpoints. */
import type { Access } from '../../api/endpoints/endpoint.ts';
import { ENDPOINTS } from '../../api/endpoints/endpoints.ts';

const CREDENTIALS: Record<Access, string> = {
  anyone: 'none',
  submission: 'token of the submission',
  invitation: 'token of the invitation',
  'api key': 'API key',
  'submission or api key': 'token of the submission, or API key',
  signature: 'signature of Smile',
};

/** The table as Markdown, not yet formatted. */
export function routesTable(): string {
  const rows = ENDPOINTS.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)).map(
    ({ method, path, access, summary }) => `| \`${method}\` | \`${path}\` | ${CREDENTIALS[access]} | ${summary} |`,
  );
  return `| Method | Path | Credential | What it does |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}
