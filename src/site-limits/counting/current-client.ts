/** The request that is being answered, for parts of the work that clients have in turns. */
import { AsyncLocalStorage } from 'node:async_hooks';

interface Answering {
  /** The key of the client's address. */
  client: string;
  /** Calls `run` at once, or in a turn of the client if the request has waited since it began. */
  goOn(run: () => void): void;
}

const current = new AsyncLocalStorage<Answering>();

/** Runs `answer`, which answers a request. */
export const answerAs = <R>(answering: Answering, answer: () => R): R => current.run(answering, answer);

/**
 * Runs work that others wait for too as work of a part of the site. As work of the client that has caused it, it would wait
 * behind all other work of this client, and the others with it.
 * @param part has turns of its own. That of jobs is empty
 */
export const asSite = <R>(run: () => R, part = 'shared'): R => current.run({ client: part, goOn: (go) => go() }, run);

/** The client whose request is being answered, or the part of the site. Empty for jobs. */
export const currentClient = (): string => current.getStore()?.client ?? '';

/** The `goOn` of the request that is being answered. */
export const currentGoOn = (): Answering['goOn'] => current.getStore()?.goOn ?? ((run) => run());
