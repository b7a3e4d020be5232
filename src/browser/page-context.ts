/** The contract between the page and its chunks, scripts that load shortly before they are needed. */
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
  /** The screen with entries that the server does not have. They can be older than the chunk that saves. */
  edited?: PageScreen | undefined;
  /** The shown fields of `screen`, and the answers in their controls. */
  entered(screen: PageScreen): { shown: string[]; answers: Answers };
  /** Where to go instead, once: a person who came from the review returns to it. */
  detour?: (() => Next) | undefined;
  show(screen: PageScreen, how?: 'push' | 'replace' | 'back'): void;
  goTo(next: Next): void;
  leave(): Promise<void>;
  refuse(errors: Record<string, string>): void;
  record(name: string, detail: Record<string, unknown>): void;
  chunk<N extends ChunkName>(name: N): Promise<Chunks[N]>;
  /** Says why a private answer of the screen is asked for again, if any is. */
  askAgain(): void;
  /** Restores the kept answers and shows the screen where the person was. */
  start(): void;
  /** A random id. A chunk that imported the code would carry it again. */
  uuid(): string;
}

/** An error of the API, with the status of its response. */
export interface ServerError extends ErrorDetails {
  status: number;
}

export type ServerResult<T> = { ok: true; body: T } | { ok: false; refusal: ServerError };

/**
 * Calls the server once. Rejects with `TryAgain` without an answer.
 * @param has a key of each successful answer, unless that is empty
 */
export type ServerCall = <T>(
  has: keyof T | undefined,
  method: string,
  path: string,
  body?: unknown,
) => Promise<ServerResult<T>>;

export interface Chunks {
  /** Talks with the server: starts, saves, sends events, submits, resumes. */
  submission: {
    /** Sends the pending saves, and retries failed ones later. Resolves to whether the server acknowledged them all. */
    flush(): Promise<boolean>;
    /** Submits, and shows the ending. */
    finish(): Promise<void>;
    /** Leaves a Wink screen when the server allows it. */
    leaveWink(): Promise<void>;
    /** Shows the ending, or resumes: the submission of a link, in its version, with its sensitive answers. */
    resume(): Promise<void>;
    /** Says why a sensitive answer is asked again. */
    askAgain(): Promise<void>;
    /** Starts the submission, unless there is one. */
    start(): Promise<void>;
    /** Sends the pending events. Resolves after they were sent, or failed. */
    flushEvents(): Promise<unknown>;
    /** After the server refused something about `screen`: shows the screen to correct, or where the person belongs. */
    refused(screen: string, refusal: ServerError): void;
    /**
     * Calls the server once; undefined without an answer. If the form was submitted meanwhile, the person sees it. If
     * the server no longer knows the submission, it is started again.
     * @param has a key of each successful answer, unless that is empty
     */
    ask<T>(
      has: keyof T | undefined,
      method: string,
      path: string,
      body?: unknown,
    ): Promise<ServerResult<T> | undefined>;
  };
  wink: {
    show(screen: string): void;
    /** The server does not let the person continue yet. */
    refused(): void;
  };
  files: {
    /**
     * Resolves once the files of the answers are listed, also those of earlier visits and of other tabs and devices, to
     * whether the server has answered.
     */
    show(screen: string): Promise<boolean>;
    /** Marks the errors on `screen`, without the files that the server has lost. So the person can choose them again. */
    refuse(screen: string, errors: Record<string, string>): Promise<void>;
    /** Waits for the uploads of `screen`. Resolves to whether the person can continue: none of them has failed. */
    finishUploads(screen: string): Promise<boolean>;
  };
  /** Parses the numbers that people type. */
  amounts: unknown;
  /** Makes the proof of work that the form asks for. */
  solve: {
    proof(call: ServerCall): Promise<string | undefined>;
  };
  /** Shows all answers before the person submits. */
  review: {
    finish(): void;
    /** The same, in the history entry of the review, with controls that were written again. */
    show(): Promise<void>;
  };
  /** Follows the draft, and talks with the editor around it. */
  preview: unknown;
  /** Talks with the website around the frame. */
  embed: unknown;
}

export type ChunkName = keyof Chunks;

/** Resolves after `ms`, or when the network is back, or when the person goes back. */
export const pause = (ms = 3_000): Promise<unknown> =>
  new Promise((done) => {
    setTimeout(done, ms);
    for (const name of ['online', 'popstate']) addEventListener(name, done, { once: true });
  });

/** The same, twice as long after each further failure, and a minute at most. */
export const pauseLonger = (failures: number): Promise<unknown> => pause(Math.min(3_000 * 2 ** failures, 60_000));
