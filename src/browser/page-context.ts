/** What the page and its parts have in common. A part is a script of its own, loaded when the person comes near it. */
import type { ErrorDetails } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import type { Next } from '../form/runtime/journey.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { Device } from './device.ts';
import type { PageView } from './page-view.ts';
import type { Navigation } from './navigation.ts';

export interface PageContext {
  data: PageData;
  form: HTMLFormElement;
  device: Device;
  navigation: Navigation;
  view: PageView;
  currentScreen(): PageScreen;
  /** The fields of `screen` that are asked, and what stands in their controls. */
  entered(screen: PageScreen): { shown: string[]; given: Answers };
  /** Where to go on to instead, once: someone who came from the review to change something goes back there. */
  detour?: (() => Next) | undefined;
  show(screen: PageScreen, how?: 'push' | 'replace' | 'back'): void;
  goOn(next: Next): void;
  leave(): Promise<void>;
  refuse(errors: Record<string, string>): void;
  record(name: string, detail: Record<string, unknown>): void;
  chunk<N extends ChunkName>(name: N): Promise<Chunks[N]>;
  /** Puts back what is kept, and goes on where the person was. */
  begin(): void;
  /** A random id, made here so that no part carries the code along. */
  uuid(): string;
}

/** An error of the API, with the status of its answer. */
export interface ApiError extends ErrorDetails {
  status: number;
}

export type Result<T> = { ok: true; body: T } | { ok: false; refusal: ApiError };

export interface Chunks {
  /** Talks with the server: starts, saves, tells, submits, resumes. */
  submission: {
    /** Sends what waits. Resolves to whether every save was acknowledged; if not, it is tried again by itself. */
    flush(): Promise<boolean>;
    /** Sends the events that wait. */
    tell(): void;
    /** Submits, and shows the ending. */
    finish(): Promise<void>;
    /** A Wink screen is left when the server says so. */
    leaveWink(): Promise<void>;
    /** Shows the ending that was reached, or goes on: with the submission that a link names, in its version, with its sensitive answers. */
    resume(): Promise<void>;
    /** Says why a sensitive answer is asked for once more. */
    askAgain(): Promise<void>;
    /** Starts the submission, unless there is one. */
    start(): Promise<void>;
    /** Tells the events that wait. Resolves once they were told, or could not be. */
    told(): Promise<void>;
    /** Shows the person where they belong, or what to correct, after the server has refused something about `screen`. */
    refused(screen: string, refusal: ApiError): void;
    /** Asks the server once; nothing when nobody answers. Where the form was sent meanwhile, the person is told so; where the server
     *  no longer knows it, it is begun anew. */
    ask<T>(method: string, path: string, body: unknown): Promise<Result<T> | undefined>;
  };
  wink: {
    show(screen: string): void;
    /** The server does not let the person go on yet. */
    refused(): void;
  };
  files: {
    /** Resolves once the files that were sent before are there. */
    show(screen: string): Promise<void>;
    /** Resolves once no file of `screen` is on its way. */
    arrived(screen: string): Promise<void>;
  };
  /** Reads the numbers that are typed. */
  amounts: unknown;
  /** Shows all answers before they are sent. */
  review: { finish(): void };
}

export type ChunkName = keyof Chunks;

/** A while, or until the network is back. */
export const pause = (): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, 3_000);
    addEventListener('online', () => done(), { once: true });
  });
