/** The place in memory that a body takes while it is on its way. A slow client loses it when others need it. */
export interface MemoryPlace {
  /** From now on the client is waited for. */
  waits(): void;
  /** The client has sent or taken `bytes`, and is not waited for. */
  moved(bytes: number): void;
  /** Aborted when others get the place. */
  readonly signal: AbortSignal;
}
