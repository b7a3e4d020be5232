import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { startSmile } from './smile.ts';
import { startReceiver } from './receiver.ts';
const require = createRequire('/work/main/node_modules/');
const Ajv = require('ajv');
const doc = parse(readFileSync('/work/shared/reference/smile-openapi-v1.yaml', 'utf8'));
function fix(n: any): any { if (Array.isArray(n)) return n.map(fix); if (n && typeof n === 'object') { const o: any = {}; for (const [k, v] of Object.entries(n)) { if (['example','examples','x-examples','description','deprecated','title'].includes(k) && typeof v !== 'object') continue; if (k.startsWith('x-') || k === 'example') continue; o[k] = fix(v); } if (o.type === 'bool') o.type = 'boolean'; if (o.type === 'integer' || typeof o.type === 'string') { } if (o.pattern) { try { new RegExp(o.pattern) } catch { delete o.pattern } } return o; } return n; }
const schemas = fix(doc.components.schemas);
const ajv = new Ajv({ nullable: true, allErrors: true, unknownFormats: 'ignore', format: false, logger: false });
ajv.addSchema({ $id: 'root', components: { schemas } });
const seen = new Set<string>();
function check(name: string, value: any) { const v = ajv.compile({ $ref: `root#/components/schemas/${name}` }); if (!v(value)) for (const e of v.errors) { const l = `${name} ${e.dataPath.replace(/\d+/g, 'N')} ${e.message} ${JSON.stringify(e.params)}`; if (!seen.has(l)) { seen.add(l); console.log(l); } } }
const s = await startSmile(); const r = await startReceiver();
await s.call('POST', '/v1/webhooks', { name: 'x', url: r.url, eventTypes: ['ALL_EVENTS'], active: true, secret: 's', includePayload: true });
check('WebhookListResponse', (await s.call('GET', '/v1/webhooks')).body);
const u = await s.call('POST', '/v1/users', {}); check('UserPostResponse', u.body); const userId = u.body.data.user.id;
const u2 = (await s.call('POST', '/v1/users', {})).body.data.user.id;
check('TokenPostResponse', (await s.call('POST', `/v1/tokens?userId=${userId}`)).body);
const ids: string[] = [];
for (const p of (await s.call('GET', '/v1/providers?size=50')).body.data.items) for (const [n, pw, who] of [['George', '123456', userId], ['Anisha', '123456', u2]]) if (p.accountConnection) ids.push((await s.call('POST', '/__local/accounts', { userId: who, providerId: p.id, userName: n, password: pw, code: '1234' })).body.accountId);
ids.push((await s.call('POST', '/__local/accounts', { userId: (await s.newUser()).userId, providerId: 'grab', userName: 'x', password: 'y' })).body.accountId);
await new Promise((q) => setTimeout(q, 1500));
await s.call('DELETE', `/v1/accounts/${ids[0]}`);
await new Promise((q) => setTimeout(q, 300));
for (const [path, name] of [['users', 'User'], ['accounts', 'Account'], ['providers', 'Provider'], ['tasks', 'Task'], ['identities', 'Identity'], ['employments', 'Employment'], ['incomes', 'Income'], ['documents', 'Document'], ['contributions', 'Contribution'], ['liabilities', 'Liability'], ['transactions', 'Transaction'], ['ratings', 'Rating'], ['eincomes', 'Eincome'], ['links', 'Link'], ['insights', 'Insight']]) { const a = await s.call('GET', `/v1/${path}?size=150`); check(`${name}ListResponse`, a.body); const id = a.body.data.items[0].id; const g = await s.call('GET', `/v1/${path}/${id}`); check(`${name}GetResponse`, g.body); console.log(path, a.body.data.items.length); }
const map: any = { USER_CREATED: 'UserCreatedEvent', ACCOUNT_CREATED: 'AccountCreatedEvent', ACCOUNT_CONNECTED: 'AccountConnectedEvent', ACCOUNT_FAILED: 'AccountFailedEvent', ACCOUNT_DISCONNECTED: 'AccountDisconnectedEvent', TASK_STARTED: 'TaskStartedEvent', TASK_FINISHED: 'TaskFinishedEvent', IDENTITY_ADDED: 'IdentityAddedEvent', RATING_ADDED: 'RatingAddedEvent', TRANSACTIONS_ADDED: 'TransactionsAddedEvent', DOCUMENTS_ADDED: 'DocumentsAddedEvent', EMPLOYMENTS_ADDED: 'EmploymentsAddedEvent', INCOMES_ADDED: 'IncomesAddedEvent', CONTRIBUTIONS_ADDED: 'ContributionsAddedEvent', LIABILITIES_ADDED: 'LiabilitiesAddedEvent', EINCOMES_ADDED: 'EincomesAddedEvent', INSIGHT_ADDED: 'InsightAddedEvent', LINK_ADDED: 'LinkAddedEvent' };
const got = new Set(r.types()); console.log('never seen:', Object.keys(map).filter((t) => !got.has(t)));
for (const { event } of r.received) check(map[event.type], event);
await s.stop(); await r.stop();
