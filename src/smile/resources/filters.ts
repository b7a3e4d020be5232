/** What lists can be narrowed by. */

/** The first so many, instead of all. */
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
  /** An account's or an archive's id. */
  sourceId?: string;
}
