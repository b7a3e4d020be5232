/** Filters of lists. */

/** Only the first items, instead of all. */
export interface ListLimit {
  limit?: number;
}

/** Days as `YYYY-MM-DD`. */
export interface Dates {
  startDate?: string;
  endDate?: string;
}

export interface OfUser {
  userId?: string;
}

export interface OfSource extends OfUser {
  /** The id of an account or archive. */
  sourceId?: string;
}
