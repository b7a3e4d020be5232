/** What a comparison comes to. `unknown`: nothing to compare with, or too little to tell. */
export type MatchResult = 'agree' | 'differs' | 'unknown';

export interface MatchComparison {
  verdict: MatchResult;
  /** Why it is so, in a sentence without its full stop, where that is not plain to see. */
  why?: string;
}
