/** The rules of this project alone, for oxlint. `.oxlintrc.json` names the files of each, and has the rules that find bugs. */
import path from 'node:path';

const src = path.resolve(import.meta.dirname, '../src');

/**
 * The arrows between folders: each may import only from those it names (and from itself). The files `server.ts` and
 * `site.ts` are not listed, since they put everything together. `test/architecture.test.ts` holds `.astro` files to the same arrows.
 */
export const LAYERS = {
  environment: [],
  'site-limits': [],
  form: ['site-limits'],
  // Types of the data that crosses between server and page.
  contract: ['form'],
  smile: ['site-limits'],
  linked: ['form'],
  'local-smile': ['site-limits'],
  record: ['site-limits', 'form'],
  members: ['site-limits', 'record'],
  operate: ['scripts', 'site-limits', 'form', 'smile', 'record', 'deliver'],
  browser: ['form', 'contract', 'smile', 'publish'],
  // The editor of a form, in the browser of a member.
  editor: ['form', 'contract'],
  publish: ['site-limits', 'form', 'contract', 'record'],
  links: ['site-limits', 'form', 'record', 'publish'],
  respond: ['site-limits', 'form', 'contract', 'record', 'smile', 'linked', 'publish', 'links', 'invite'],
  invite: ['site-limits', 'form', 'record'],
  deliver: ['site-limits', 'form', 'record', 'invite'],
  dashboard: [
    'site-limits',
    'form',
    'contract',
    'smile',
    'record',
    'linked',
    'members',
    'publish',
    'links',
    'deliver',
    'invite',
  ],
  api: ['site-limits', 'form', 'contract', 'record', 'linked', 'members', 'publish', 'links', 'respond'],
  components: ['form', 'contract', 'publish', 'links', 'dashboard', 'editor'],
  pages: ['site-limits', 'form', 'publish', 'components', 'dashboard', 'record', 'members', 'invite'],
  // The commands put together the parts that they need, as `server.ts` does.
  cli: [
    'environment',
    'site-limits',
    'form',
    'smile',
    'local-smile',
    'record',
    'members',
    'operate',
    'deliver',
    'publish',
    'respond',
    'api',
    'built.ts',
    'config.ts',
    'secret-key.ts',
    'server.ts',
  ],
  site: [
    'site-limits',
    'api',
    'dashboard',
    'deliver',
    'local-smile',
    'members',
    'operate',
    'publish',
    'links',
    'record',
    'respond',
    'smile',
  ],
};

/** Only pages, components and publish know Astro. */
const KNOW_ASTRO = ['components', 'pages', 'publish'];

/**
 * Why a file of `folder` may not import `from`, if so.
 * @param file its path
 */
function wrongImport(folder, file, from) {
  if (/^astro(:|\/|$)/.test(from))
    return KNOW_ASTRO.includes(folder) ? undefined : 'Only pages, components and publish know Astro.';
  if (!from.startsWith('.')) return undefined;
  const imported = path
    .relative(src, path.resolve(path.dirname(file), from))
    .split(path.sep)
    .join('/');
  const [other] = imported.split('/');
  if (other !== folder && other in LAYERS && !LAYERS[folder].includes(other))
    return `src/${folder} may import from: ${LAYERS[folder].join(', ') || 'no other folder'}.`;
  if (
    ['browser', 'dashboard'].includes(folder) &&
    other === 'smile' &&
    !/^smile\/(callback|webhook)-status\.ts$/.test(imported)
  )
    return 'Only the tables of statuses are for the browser and the dashboard.';
  if (folder !== 'cli' && /^(server|site|config|secret-key)\.ts$/.test(imported))
    return 'Only the entries and the commands know these. Take the values as arguments.';
  return undefined;
}

/** Each folder of `src` imports only from folders that `LAYERS` gives it. */
const arrows = {
  create(context) {
    const [folder] = path.relative(src, context.filename).split(path.sep);
    if (!(folder in LAYERS)) return {};
    const check = (node) => {
      const message = node.source && wrongImport(folder, context.filename, node.source.value);
      if (message) context.report({ node, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** Words of the first versions that say nothing to a stranger, and a name to write instead. */
const OLD_WORDS = {
  desk: 'services',
  theirs: 'loaded, or the noun',
  owed: 'jobs, deliveries',
  believe: 'apply, confirm',
  press: 'pageRenderer, button',
  stand: 'evaluate, state',
  hears: 'apply',
  told: 'events, message, reported',
  said: 'message, outcome, claim',
  untold: 'foundByPolling',
  disbelieve: 'rejectClaim',
  strangers: 'unknownFields',
  Desk: 'Services',
  Theirs: 'RespondentSubmission',
  Owed: 'Job',
  Press: 'PageRenderer',
  Asked: 'RequestContext',
  Told: 'Event',
  Said: 'Event',
  standing: 'status',
  Standing: 'CountedState, InvitationStatus',
  Courier: 'DeliveryServices, WebhookSender',
  World: 'Sandbox',
};

/** Names of variables, parameters, functions and types. Keys of stored or sent data can keep theirs. */
const names = {
  create: (context) => ({
    Identifier(node) {
      if (!Object.hasOwn(OLD_WORDS, node.name)) return;
      const { parent } = node;
      const isKey =
        (['Property', 'TSPropertySignature'].includes(parent.type) && parent.key === node) ||
        (parent.type === 'MemberExpression' && parent.property === node);
      const better = OLD_WORDS[node.name];
      if (!isKey)
        context.report({
          node,
          message: `Do not name anything "${node.name}". Use a word of the field, such as: ${better}.`,
        });
    },
  }),
};

/** A file has types only, and imports only types. */
const types = {
  create: (context) => ({
    Program({ body }) {
      for (const node of body)
        if (node.importKind !== 'type' && node.exportKind !== 'type')
          context.report({ node, message: 'src/contract has types only.' });
    },
  }),
};

export default { meta: { name: 'flipsite' }, rules: { arrows, names, types } };
