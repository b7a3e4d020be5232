/** The result of a comparison. `unknown`: nothing to compare with, or too little. */
export type MatchResult = 'agree' | 'differs' | 'unknown';

export interface MatchComparison {
  verdict: MatchResult;
  /** The reason as a sentence without its full stop, if it is not obvious. */
  why?: string;
}
