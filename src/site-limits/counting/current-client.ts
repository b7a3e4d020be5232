/** The request that is being answered, for parts of the work that clients have in turns. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Calls `run` at once, or in a turn of the client if the request has waited since it began. */
type GoOn = (run: () => void) => void;

const atOnce: GoOn = (run) => run();

interface Answering {
  /** The key of the client's address, or the name of a part of the site. */
  client: string;
  isOfSite: boolean;
  goOn: GoOn;
}

const JOBS: Answering = { client: '', isOfSite: true, goOn: atOnce };

const current = new AsyncLocalStorage<Answering>();

/**
 * Runs `answer`, which answers a request.
 * @param client the key of the client's address
 */
export const answerAs = <R>(client: string, answer: () => R, goOn = atOnce): R =>
  current.run({ client, isOfSite: false, goOn }, answer);

/**
 * Runs work that others wait for too as work of a part of the site. As work of the client that has caused it, it would wait
 * behind all other work of this client, and the others with it.
 * @param part has turns of its own. That of jobs is empty
 */
export const asSite = <R>(run: () => R, part = 'shared'): R => current.run({ ...JOBS, client: part }, run);

const now = (): Answering => current.getStore() ?? JOBS;

/** The client whose request is being answered, or the part of the site. Empty for jobs. */
export const currentClient = (): string => now().client;

/** Whether this is work of a part of the site. */
export const isOfSite = (): boolean => now().isOfSite;

/** The `goOn` of the request that is being answered. */
export const currentGoOn = (): GoOn => now().goOn;
