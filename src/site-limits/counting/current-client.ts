/** The request that is being answered, for parts of the work that clients have in turns. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Calls `run` at once, or in a turn of the client if the request has waited since it began. */
type GoOn = (run: () => void) => void;

const atOnce: GoOn = (run) => run();

interface Answering {
  /** The key of the client's address, or the name of a part of the site. */
  client: string;
  /** Whether others wait for the work. */
  isShared: boolean;
  goOn: GoOn;
  /** Whether the work asks Smile for more than the person needs. */
  isLook?: boolean;
}

/** No person waits for a job. */
const JOB: Answering = { client: '', isShared: false, goOn: atOnce };

const current = new AsyncLocalStorage<Answering>();

/**
 * Runs `answer`, which answers a request.
 * @param client the key of the client's address
 */
export const answerAs = <R>(client: string, answer: () => R, goOn = atOnce): R =>
  current.run({ client, isShared: false, goOn }, answer);

/**
 * Runs work that others wait for too as work of a part of the site. As work of the client that has caused it, it would wait
 * behind all other work of this client, and the others with it.
 * @param part has turns of its own
 */
export const asSite = <R>(run: () => R, part = 'shared'): R =>
  current.run({ client: part, isShared: true, goOn: atOnce }, run);

/** Runs work that asks Smile, and without which the request is answered too. */
export const asLook = <R>(run: () => R): R => current.run({ ...now(), isLook: true }, run);

/** Runs work that a request has begun and does not wait for. */
export const asJob = <R>(run: () => R): R => current.run(JOB, run);

const now = (): Answering => current.getStore() ?? JOB;

/** The client whose request is being answered, or the part of the site. Empty for jobs. */
export const currentClient = (): string => now().client;

/** Whether the request is answered without this work too. */
export const isLook = (): boolean => now().isLook ?? false;

/** Whether others wait for this work. */
export const isShared = (): boolean => now().isShared;

/** The `goOn` of the request that is being answered. */
export const currentGoOn = (): GoOn => now().goOn;
