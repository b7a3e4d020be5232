import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/*
 * The rules of this project alone. `.oxlintrc.json` has those that find bugs: oxlint needs a fifth of ESLint's time for
 * rules that know types.
 */

/**
 * The arrows between folders: each may import only from those it names (and from itself). What is not listed here,
 * `server.ts` and `site.ts`, puts everything together; `site/` has the parts of that. `test/architecture.test.ts` holds `.astro` files to the same arrows.
 */
export const LAYERS = {
  environment: [],
  'site-limits': [],
  form: ['site-limits'],
  // Types of what crosses between server and page.
  contract: ['form'],
  smile: [],
  linked: ['form'],
  'local-smile': [],
  record: ['site-limits', 'form'],
  members: ['site-limits', 'record'],
  operate: ['scripts', 'site-limits', 'form', 'record', 'deliver'],
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
  // The commands put together what they need, as `server.ts` does.
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

/** As many folders as there can be between `src` and a file. */
const DEPTHS = [0, 1, 2, 3];

const arrows = Object.entries(LAYERS).flatMap(([folder, allowed]) => {
  const others = Object.keys(LAYERS).filter((other) => other !== folder && !allowed.includes(other));
  return DEPTHS.map((depth) => {
    // The way from a file up to `src`. A folder within its own may have the name of another one of `src`.
    const up = `^(\\.\\./){${depth + 1}}`;
    const only = (regex, message) => ({ regex: up + regex, message });
    const patterns = [
      only(`(${others.join('|')})/`, `src/${folder} may import from: ${allowed.join(', ') || 'no other folder'}.`),
    ];
    if (['browser', 'dashboard'].includes(folder))
      patterns.push(
        only(
          'smile/(?!(callback|webhook)-status\\.ts$)',
          'Only the tables of statuses are for the browser and the dashboard.',
        ),
      );
    if (folder !== 'cli')
      patterns.push(
        only(
          '(server|site|config|secret-key)\\.ts$',
          'Only the entries and the commands know these. Take the values as arguments.',
        ),
      );
    if (!['components', 'pages', 'publish'].includes(folder))
      patterns.push({ regex: '^astro(:|/|$)', message: 'Only pages, components and publish know Astro.' });
    return {
      files: [`src/${folder}/${'*/'.repeat(depth)}*.{ts,tsx}`],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    };
  });
});

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
  Standing: 'CountedState, InvitationStatus',
  Courier: 'DeliveryServices, WebhookSender',
  World: 'Sandbox',
};

/** Names of variables, parameters, functions and types. Keys of stored or sent data can keep theirs. */
const oldWords = {
  files: ['src/**/*.{ts,tsx}'],
  // A released migration keeps its name.
  ignores: ['src/record/migrations/**', 'src/contract/**'],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...Object.entries(OLD_WORDS).map(([word, better]) => ({
        selector: `Identifier[name=${word}]:not(Property > .key, MemberExpression > .property, TSPropertySignature > .key)`,
        message: `Do not name anything "${word}". Use a word of the field, such as: ${better}.`,
      })),
    ],
  },
};

/** `src/contract` has types only, and imports only types. */
const contract = {
  files: ['src/contract/**/*.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: 'Program > :not(ImportDeclaration[importKind="type"], ExportNamedDeclaration[exportKind="type"])',
        message: 'src/contract has types only.',
      },
    ],
  },
};

export default defineConfig(
  { files: ['src/**/*.{ts,tsx}'], extends: [tseslint.configs.base] },
  ...arrows,
  oldWords,
  contract,
);
