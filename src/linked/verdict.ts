/** What a comparison comes to. `unknown`: nothing to compare with, or too little to tell. */
export type Verdict = 'agree' | 'differs' | 'unknown';

export interface Comparison {
  verdict: Verdict;
  /** Why it is so, in a sentence without its full stop, where that is not plain to see. */
  why?: string;
}
