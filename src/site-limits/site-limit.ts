/** A bound on work or storage that a caller can cause. Most are for callers without an account, and some for members. */
export interface SiteLimit {
  /** The upper bound, in `unit`. */
  readonly value: number;
  readonly unit: 'bytes' | 'milliseconds' | 'days' | 'pixels' | 'characters' | 'items';
  /** The counted thing, as a row title: "Events of one submission that come from the browser". */
  readonly counts: string;
  /** Status and error code of a request over the bound, such as `429 rate_limited`. For work without a caller: the effect. */
  readonly answer: string;
  /** The reason for this value, in one sentence. */
  readonly reason: string;
}
