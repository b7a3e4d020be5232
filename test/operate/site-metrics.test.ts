/** The metrics of a running site, and the files for Grafana and Prometheus that use them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { enqueueDelivery, recordAttempt } from '../../src/record/deliveries.ts';
import { enqueue } from '../../src/record/jobs/jobs.ts';
import { begin, PLAIN, send } from '../helpers/api/client.ts';
import { go } from '../links/links-site.ts';
import { openTestSite, removeFolder, root, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { itWith } from '../helpers/with-programs.ts';

const LINKS = 'links: [{ id: fb }]\n';
const WORK = `
title: Work
screens: [{ id: connect, title: Connect, wink: {} }]
endings: [{ id: done, title: Done }]
`;

let site: TestSite;
beforeAll(async () => {
  // Smile's address is one at which no program listens.
  const smile = {
    OPEN_API_HOST: 'http://127.0.0.1:9',
    API_KEY: 'key',
    API_SECRET: 'secret',
    PUBLIC_ORIGIN: 'http://127.0.0.1:9',
  };
  site = await openTestSite({ forms: { plain: PLAIN + LINKS, work: WORK }, env: smile });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** The value of a metric, by its name and labels as in the answer. */
async function metric(name: string): Promise<number> {
  const { text } = await send(site, 'GET', '/metrics');
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? NaN);
}

it('reports that the site is ready, and its version', async () => {
  expect(await metric('flipsite_ready')).toBe(1);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await metric(`flipsite_info{version="${version}"}`)).toBe(1);
});

it('counts deliveries that failed, and jobs that are late', async () => {
  expect(await metric('flipsite_deliveries{status="failed"}')).toBe(0);
  const now = new Date();
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const inAnHour = new Date(now.getTime() + 3_600_000);
  // Not due yet, so that the site does not send it meanwhile.
  await enqueueDelivery(site.db, { form: 'plain', channel: 'email', target: 'a@example.com', cause: 'test' }, now, inAnHour); // prettier-ignore
  const { id } = await site.db.query.selectFrom('deliveries').select('id').executeTakeFirstOrThrow();
  await recordAttempt(site.db, id, { at: now.toISOString(), ok: false, status: 550, message: 'no', tookMs: 1 }, 'failed', now); // prettier-ignore
  expect(await metric('flipsite_deliveries{status="failed"}')).toBe(1);
  // No handler has this kind, so the job stays due.
  await enqueue(site.db, { kind: 'unknown', subject: 'one', dueAt: hourAgo }, now);
  expect(await metric('flipsite_jobs_due')).toBeGreaterThanOrEqual(1);
  expect(await metric('flipsite_jobs_oldest_due_seconds')).toBeGreaterThanOrEqual(3_600);
});

it('counts webhooks and sign-ins that were refused', async () => {
  const before = await metric('flipsite_webhooks_refused_total');
  expect((await send(site, 'POST', '/api/webhooks/smile', {}, { 'smile-signature': 'wrong' })).status).toBe(401);
  expect(await metric('flipsite_webhooks_refused_total')).toBe(before + 1);
  const form = new URLSearchParams({ code: `${SETUP_CODE}-no`, email: 'a@example.com', password: 'x' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://127.0.0.1:9' };
  const refused = await send(site, 'POST', '/admin/setup', form, headers);
  expect([refused.status, await metric('flipsite_sign_ins_refused_total')]).toEqual([422, 1]);
});

it('counts visitors of links by class', async () => {
  expect((await go(site, '/go/fb')).status).toBe(302);
  expect(await metric('flipsite_link_visits_total{class="person"}')).toBe(1);
});

it('reports that Smile cannot be reached, and that Flipsite pauses its calls', async () => {
  const refused = await Promise.all(
    Array.from({ length: 5 }, async () => (await begin(site, 'work')).post('link-token', { screen: 'connect' })),
  );
  expect(refused.map(({ body }) => body.error.code)).toEqual(Array(5).fill('smile_unavailable'));
  expect(await metric('flipsite_smile_calls_total{result="unavailable"}')).toBeGreaterThanOrEqual(5);
  expect(await metric('flipsite_smile_breaker_open')).toBe(1);
});

/** Names of metrics in an expression of Prometheus. */
const namesIn = (expression: string): string[] => expression.match(/\b(flipsite|process|nodejs)_\w+/g) ?? [];

type Panel = { title: string; targets?: { expr: string }[] };
const boardPanels = () => (JSON.parse(readFileSync(join(root, 'docs/operate/deploy/grafana.json'), 'utf8')) as { panels: Panel[] }).panels; // prettier-ignore

it('has every metric that the board and the alerts name', async () => {
  const { text } = await send(site, 'GET', '/metrics');
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  const known = [...types].flatMap(([name, type]) => type === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name]); // prettier-ignore
  const deploy = (name: string) => readFileSync(join(root, 'docs/operate/deploy', name), 'utf8');
  const panels = boardPanels();
  const { groups } = parse(deploy('alerts.yml')) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const expressions = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
    ...groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
  ];
  expect(expressions.length).toBeGreaterThan(15);
  for (const [title, expression] of expressions) {
    const names = namesIn(expression);
    expect([title, names.length > 0 || expression === 'up{job="flipsite"} == 0', names.filter((name) => !known.includes(name))]).toEqual([title, true, []]); // prettier-ignore
  }
  const own = [...types.keys()].filter((name) => name.startsWith('flipsite_'));
  const documented = readFileSync(join(root, 'docs/operate/monitor.md'), 'utf8');
  expect(own.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  expect(own.filter((name) => !deploy('grafana.json').includes(name))).toEqual([]);
});

it('has each series from the start whose increase an alert looks for, because Prometheus sees none in its first value', async () => {
  const { text } = await send(site, 'GET', '/metrics');
  const alerts = readFileSync(join(root, 'docs/operate/deploy/alerts.yml'), 'utf8');
  const series = [...alerts.matchAll(/increase\((\w+)(\{[^}]*\})?\[/g)].map(([, name = '', labels = '']) => name + labels); // prettier-ignore
  expect(series.length).toBeGreaterThan(3);
  const missing = series.filter((one) => !text.includes(`\n${one} `) && !text.includes(`\n${one}{`));
  expect(missing).toEqual([]);
});

itWith(['promtool'], 'has alerts that Prometheus reads, and a board whose expressions it reads', () => {
  const board = join(site.folder, 'board.json');
  const rules = boardPanels().flatMap(({ targets = [] }) => targets.map(({ expr }, at) => ({ record: `panel_${at}`, expr: expr.replaceAll('$__rate_interval', '5m') }))); // prettier-ignore
  writeFileSync(board, JSON.stringify({ groups: [{ name: 'board', rules }] }));
  for (const file of [join(root, 'docs/operate/deploy/alerts.yml'), board]) {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], { encoding: 'utf8' }); // prettier-ignore
    expect([status, status ? stdout + stderr : '']).toEqual([0, '']);
  }
});
