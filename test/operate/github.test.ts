/** The files in `.github/`: the workflows as GitHub reads them, and everything that they and the others name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerHooks } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PACKAGED_NODE } from '../../scripts/node-version.mjs';
import { root } from '../helpers/site.ts';

// The parser imports JSON without the attribute that Node needs.
const hooks = registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
hooks.deregister();

const github = join(root, '.github');
const read = (name: string): string => readFileSync(join(github, name), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string>; engines: { node: string } }; // prettier-ignore

/** GitHub's errors in a workflow: unknown keys, wrong values, and expressions that it cannot read. */
async function complaintsAbout(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
type Workflow = { jobs: Record<string, { steps: Step[]; strategy?: { matrix: { node: (number | string)[] } } }> };

describe.each(['test.yml', 'release.yml'])('the workflow %s', (name) => {
  const text = read(`workflows/${name}`);
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('is one that GitHub accepts', async () => {
    expect(await complaintsAbout(name, text)).toEqual([]);
  });

  it('uses actions of GitHub and Docker only, each with a version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    for (const action of used) expect(action).toMatch(/^(actions|docker)\/[a-z-]+@v\d+$/);
  });

  it('runs commands of package.json, and files of the project', () => {
    const commands = steps.map(({ run = '' }) => run).join('\n');
    const scripts = [...commands.matchAll(/\bnpm (?:run )?(?!run\b|ci\b|pack\b)([a-z:]+)/g)].map(
      ([, script = '']) => script,
    );
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
    const files = text.match(/\b(?:docs|test|src|scripts)\/[\w./-]+\.\w+|\S+\/Dockerfile/g) ?? [];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

it('a workflow with an unknown key, a wrong value or a broken expression is found', async () => {
  const job = (more: string) => `on: push\njobs: { one: { runs-on: ubuntu-24.04, ${more} } }`;
  for (const broken of [
    'step: []',
    'steps: [{ run: echo, shel: sh }]',
    'timeout-minutes: soon, steps: [{ run: a }]',
    "steps: [{ run: '${{ matrix.node }' }]",
  ])
    // prettier-ignore
    expect([broken, await complaintsAbout('broken.yml', job(broken))]).toEqual([broken, expect.arrayContaining([expect.any(String)])]);
});

it('the tests run on the oldest and the newest Node that package.json allows, and on one that is too old', () => {
  const { matrix } = (parse(read('workflows/test.yml')) as Workflow).jobs['test']?.strategy ?? {};
  const oldest = /\d+\.\d+\.\d+/.exec(manifest.engines.node)?.[0];
  expect(matrix?.node.map(String)).toEqual(['20', oldest, PACKAGED_NODE.split('.')[0]]);
});

it('Dependabot looks where packages, actions and images are', () => {
  const { updates } = parse(read('dependabot.yml')) as { updates: Record<string, string>[] };
  const looks = updates.map((update) => [update['package-ecosystem'], update['directory']]);
  expect(looks).toEqual([
    ['npm', '/'],
    ['github-actions', '/'],
    ['docker', '/docs/operate/deploy'],
  ]);
  expect(['package-lock.json', '.github/workflows/test.yml', 'docs/operate/deploy/Dockerfile'].filter((file) => !existsSync(join(root, file)))).toEqual([]); // prettier-ignore
});

/** https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema */
const id = z.string().regex(/^[A-Za-z0-9_-]+$/);
const attributes = z.strictObject({
  label: z.string().min(1),
  description: z.string().optional(),
  placeholder: z.string().optional(),
});
const validations = z.strictObject({ required: z.boolean() }).optional();
const issueForm = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  body: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: z.string().min(1) }) }),
      z.strictObject({
        type: z.literal('textarea'),
        id,
        attributes: attributes.extend({ render: z.string().optional() }),
        validations,
      }),
      z.strictObject({ type: z.literal('input'), id, attributes, validations }),
    ]),
  ),
});

it.each(['bug.yml', 'idea.yml'])(
  'the form %s for issues is one that GitHub shows, and each question has its own id',
  (name) => {
    const { body } = issueForm.parse(parse(read(`ISSUE_TEMPLATE/${name}`)));
    const questions = body.flatMap((part) => ('id' in part ? [part] : []));
    expect(questions.length).toBeGreaterThan(0);
    for (const key of [questions.map((one) => one.id), questions.map((one) => one.attributes.label)])
      expect(new Set(key).size).toBe(key.length);
  },
);

it('issues come through the forms', () => {
  const config = z.strictObject({ blank_issues_enabled: z.boolean(), contact_links: z.array(z.unknown()) });
  expect(config.parse(parse(read('ISSUE_TEMPLATE/config.yml')))).toEqual({
    blank_issues_enabled: false,
    contact_links: [],
  });
});

// The check of links and words reads SECURITY.md.
it('has no file without a check', () => {
  const files = (readdirSync(github, { recursive: true }) as string[]).filter((file) => /\.\w+$/.test(file));
  expect(files.sort()).toEqual(['ISSUE_TEMPLATE/bug.yml', 'ISSUE_TEMPLATE/config.yml', 'ISSUE_TEMPLATE/idea.yml', 'SECURITY.md', 'dependabot.yml', 'workflows/release.yml', 'workflows/test.yml']); // prettier-ignore
});
