/** One person's passage through a form during a fault of Smile, as a row of a table. */
import { wordings } from '../../src/form/wording/wording.ts';
import { DRIVER, type Draft } from '../helpers/api/client.ts';
import { HOUR, MINUTE, openSilentSmile, type SilentSmile } from './silent-smile.ts';

const FORM = DRIVER.replace('wink: { require: connected }', 'wink: { require: connected, retrieve: [identities, ratings] }'); // prettier-ignore

export interface Row {
  fault: string;
  saw: string;
  stored: string;
}

/** The parts of the site while the person fills in the form. */
export interface Stage {
  silent: SilentSmile;
  draft: Draft;
  userId: string;
  /** Sets local Smile's switches. */
  set(settings: Record<string, unknown>): Promise<void>;
  /** The widget says that an account is connected. */
  claim(accountId: string, userId?: string): Promise<void>;
}

export interface Scene {
  fault: string;
  webhooks?: boolean;
  form?: string;
  /** Before the widget is opened. */
  before?: Record<string, unknown>;
  /** Whether the person tries again where it did not open, once Smile is well. */
  triesAgain?: boolean;
  /** Once it is open; without it, the person signs in, and the page tells so. */
  linking?(stage: Stage): Promise<unknown>;
  /** Whether the person closes the tab then, and never comes back. */
  leaves?: boolean;
  /** While the person goes on. */
  leaving?: Record<string, unknown>;
  /** After the form was sent. */
  after?(stage: Stage & { accountId: string }): Promise<unknown>;
  /** How long after that one looks; an hour, unless said. */
  lookAfter?: number;
}

const words = wordings.en.linking;

/** Plays a scene. The fault ends once the form is sent. Then time passes, and the result is the state at the end. */
export async function play(scene: Scene): Promise<Row> {
  const silent = await openSilentSmile({ forms: { driver: scene.form ?? FORM }, webhooks: scene.webhooks ?? true });
  try {
    return { fault: scene.fault, ...(await passage(silent, scene)) };
  } finally {
    await silent.close();
  }
}

async function passage(silent: SilentSmile, scene: Scene): Promise<Omit<Row, 'fault'>> {
  const set = async (settings: Record<string, unknown>): Promise<void> => {
    const { status, body } = await silent.smile.call('PATCH', '/__local/settings', settings);
    if (status !== 200) throw new Error(JSON.stringify(body));
  };
  const draft = await silent.begin();
  await set(scene.before ?? {});
  const saw: string[] = [];
  let launch = await draft.post('link-token', { screen: 'connect' });
  if (scene.triesAgain && launch.status !== 200) {
    saw.push(`“${words.unavailable}” Tried again`);
    await set(CALM);
    launch = await draft.post('link-token', { screen: 'connect' });
  }
  let accountId = '';
  if (launch.status === 200) {
    const { userId } = launch.body;
    const claim = (id: string, user = userId) =>
      draft.tell('onAccountConnected', { accountId: id, userId: user, providerId: 'grab', screen: 'connect' }).then(() => {}); // prettier-ignore
    const stage: Stage = { silent, draft, userId, set, claim };
    saw.push('The window opened');
    if (scene.linking) accountId = String((await scene.linking(stage)) ?? '');
    else await claim((accountId = await silent.link(userId)));
    await set(scene.leaving ?? {});
    saw.push(scene.leaves ? 'Closed the tab' : await goOn(draft));
    await set(CALM);
    await silent.settle();
    await scene.after?.({ ...stage, accountId });
  } else {
    saw.push(`“${words.unavailable}” ${await goOn(draft)}`);
  }
  await set(CALM);
  await silent.pass(scene.lookAfter ?? HOUR, Math.max(MINUTE, (scene.lookAfter ?? HOUR) / 30));
  return {
    saw: saw.join('. '),
    stored:
      storedOf(await silent.submissionOf(draft)) +
      usersMade(scene, (await silent.smile.call('GET', '/v1/users')).body.data.items),
  };
}

const usersMade = ({ triesAgain }: Scene, { length }: unknown[]): string =>
  triesAgain ? `; ${length === 1 ? 'one user' : `${length} users`} at Smile` : '';

const CALM = { fault: null, webhookDrop: [], webhookRepeat: 1, webhookShuffle: false, webhookDelayMs: 0 };

/** The person presses Continue, then Send; where the form asks why, they say so. */
async function goOn(draft: Draft): Promise<string> {
  const left = await draft.put('connect', {});
  if (left.status === 422) return `“${words.required}”`;
  if (left.body.next.screen === 'upload') {
    await draft.put('upload', { why: 'It did not open' });
    await draft.post('submit');
    return 'Continued by the rule for failures and submitted the form';
  }
  const sent = await draft.post('submit');
  return sent.status === 200
    ? 'Continued as connected and submitted the form'
    : `Could not submit: ${sent.body.error.code}`;
}

interface Told {
  status: string;
  accounts: { providerId: string; status: string; confirmed: boolean }[];
  linked: { dataPoint: string; removedAt: string | null }[];
  events: { id: string; name: string }[];
}

function storedOf({ status, accounts, linked, events }: Told): string {
  const here = linked.filter(({ removedAt }) => removedAt === null);
  const gone = linked.length - here.length;
  const repeated = events.length - new Set(events.map(({ id }) => id)).size;
  return [
    status === 'submitted' ? 'Submitted' : 'Draft with all answers',
    ...accounts.map((one) => `${one.providerId} ${one.status}, ${one.confirmed ? 'confirmed' : 'claimed'}`),
    ...(accounts.length ? [] : ['no account']),
    ...(here.length ? [`data stored: ${here.map(({ dataPoint }) => dataPoint).join(', ')}`] : []),
    ...(gone ? [`${gone} data points removed`] : []),
    ...(repeated ? [`${repeated} events stored twice`] : []),
  ].join('; ');
}
