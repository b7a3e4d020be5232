/** The place in memory that a body takes while it is on its way. A slow client loses it when others need it. */
export interface MemoryPlace {
  /** From now on, the server waits for the client. */
  waits(): void;
  /** The client has sent or taken `bytes`, and the server no longer waits for it. */
  moved(bytes: number): void;
  /** Aborted when others get the place. */
  readonly signal: AbortSignal;
}
