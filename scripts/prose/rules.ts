/** The rules of English for documents, messages and comments. CONTRIBUTING.md explains them. */
import { CODE, type Passage } from './finding.ts';

/** Words of a sentence in a document: more than `GOOD_WORDS` is a warning, and more than `MAX_WORDS` an error. */
const GOOD_WORDS = 25;
const MAX_WORDS = 30;

interface Rule {
  finds: RegExp;
  /** What to write instead. */
  instead: string;
}

/** Words and constructions that we don't use. */
const REFUSED: Rule[] = [
  { finds: /\bwho(m|so)?ever\b/i, instead: 'Write who it is: "anyone who", "people who", "the person who".' },
  { finds: /\bnobody\b(?! new\b)/i, instead: 'Say who can or who cannot: "no one else", "only members".' },
  { finds: /\banew\b/i, instead: 'Write "again".' },
  { finds: /\bshall\b/i, instead: 'Use the present tense, "must" or "can".' },
  { finds: /\bbeforehand\b/i, instead: 'Write "first" or "in advance".' },
  { finds: /\bmend(s|ed|ing)?\b/i, instead: 'Write "fix".' },
  { finds: /(?<!-)\bin words\b/i, instead: 'Leave it out, or write "as a sentence".' },
  {
    finds: /\b(is|are|stays?|remains?) whole\b|\bas a whole\b|\bthe whole of\b/i,
    instead: 'Write "complete", "intact" or "all".',
  },
  { finds: /\b(whilst|thereof|therein|hence|lest|albeit|thus|amongst)\b/i, instead: 'Use a common word.' },
  {
    finds: /\b(stands?|stood) (in|at|on|under|beside|over|above|below|there|between|behind)\b/i,
    instead: 'Write "is".',
  },
  { finds: /\b(tells?|told|telling) of\b/i, instead: 'Write "reports", "says that" or "describes".' },
  { finds: /\b(is|are|was|were|be|been) owed\b|\bowed to\b/i, instead: 'Write "queued" or "not sent yet".' },
  { finds: /\bgoes? on (to|with)\b|\bgo on (to|with)\b/i, instead: 'Write "continue".' },
];

/** Clauses that replace a noun in a statement. Questions can have them. */
const CLAUSES: Rule[] = [
  {
    finds: /^(What(?! to\b)|Who|Whose|Whatever)\b.*[.!]$/,
    instead: 'Begin with a noun: "Failed emails", not "What did not arrive".',
  },
  {
    finds: /(\b(of|for|from|with|by|on|in|than|and|or|about|beside|to|as)|,) what (?!to\b)\w+/,
    instead: 'Use a noun in place of a clause with what.',
  },
];

const WITH_WHO: Rule = {
  finds: /\b(of|for|from|with|by|to|about|than) whom? \w+/,
  instead: 'Write "people who" or "the person who".',
};

/** The same in comments, which have no questions, and words that hide the actor. */
const IN_COMMENTS: Rule[] = [
  { finds: /\b[Ww]hat (?!to\b)\w+/, instead: 'Use a noun in place of a clause with what.' },
  {
    finds: /^(Who|Whose|Whom)\b|\b(says?|knows?|sees?|decides?|names?|and|or|than|as|by|in|on|at) who\b/,
    instead: 'Write "people who" or "the person who".',
  },
  { finds: /\b(told|(some|every)body)\b/i, instead: 'Name the actor, and write "reports", "a person" or "everyone".' },
];

/** British spellings and their American ones, as beginnings of words. */
const BRITISH: Record<string, string> = {
  'colour': 'color', 'honour': 'honor', 'behaviour': 'behavior', 'favour': 'favor', 'neighbour': 'neighbor', 'flavour': 'flavor',
  'labour': 'labor', 'centre': 'center', 'metre': 'meter', 'licence': 'license', 'defence': 'defense', 'offence': 'offense',
  'practise': 'practice', 'grey': 'gray', 'catalogue': 'catalog', 'programmes?\\b': 'program', 'cheque': 'check',
  'cancell(ed|ing)': 'canceled', 'labell(ed|ing)\\b': 'labeled', 'travell(ed|er|ing)': 'traveled', 'modell(ed|ing)': 'modeled', 'signall(ed|ing)': 'signaled',
  'fulfil(?!l)': 'fulfill', 'enrol(?!l)': 'enroll', 'ageing': 'aging', 'judgement': 'judgment', 'artefact': 'artifact',
  'organis': 'organiz', 'recognis': 'recogniz', 'serialis': 'serializ', 'localis': 'localiz', 'initialis': 'initializ',
  'normalis': 'normaliz', 'minimis': 'minimiz', 'maximis': 'maximiz', 'optimis(?!t|m)': 'optimiz', 'summaris': 'summariz',
  'authoris': 'authoriz', 'customis': 'customiz', 'analyse': 'analyze', 'synchronis': 'synchroniz', 'capitalis': 'capitaliz',
  'categoris': 'categoriz', 'prioritis': 'prioritiz', 'utilis': 'utiliz', 'sceptic': 'skeptic', 'towards': 'toward',
  'learnt': 'learned', 'spelt': 'spelled', 'spoilt': 'spoiled',
}; // prettier-ignore

const SPELLINGS = Object.entries(BRITISH).map(([british, american]) => ({
  finds: new RegExp(`\\b${british}`, 'i'),
  instead: `Use the American spelling: ${american}.`,
}));

/** The rules of single words. */
const OF_WORDS = [...REFUSED, ...SPELLINGS].map(({ finds, instead }) => ({
  finds: new RegExp(finds, `${finds.flags}g`),
  instead,
}));

/** Finds a passage that breaks one of them. Few do, and to ask each rule takes eight times as long. */
const ANY_OF_WORDS = new RegExp(OF_WORDS.map(({ finds }) => finds.source).join('|'), 'i');

/** A rule that a passage breaks: where in its text, and what to do. */
interface Break {
  at: number;
  message: string;
  warning?: boolean;
}

/** @returns every rule that `passage` breaks */
export function checkPassage({ text, kind }: Passage): Break[] {
  const flat = text.replace(/\s/g, ' ');
  const found: Break[] = (ANY_OF_WORDS.test(flat) ? OF_WORDS : []).flatMap(({ finds, instead }) =>
    [...flat.matchAll(finds)].map((match) => ({ at: match.index, message: `"${match[0].trim()}": ${instead}` })),
  );
  if (kind === 'heading' && /[.]$/.test(flat.trim())) found.push({ at: 0, message: 'A heading has no full stop.' });
  for (const { segment, index } of sentences.segment(flat)) {
    const sentence = segment.trim();
    const at = index + segment.search(/\S|$/);
    for (const { finds, instead } of kind === 'comment' ? [...IN_COMMENTS, WITH_WHO] : [...CLAUSES, WITH_WHO]) {
      const match = finds.exec(sentence);
      if (match && !sentence.endsWith('?')) found.push({ at, message: `"${match[0].slice(0, 40)}…": ${instead}` });
    }
    if (kind === 'paragraph' && sentence.includes('; '))
      found.push({ at, message: 'A semicolon joins two ideas. Write two sentences.' });
    const words = sentence.match(WORD)?.length ?? 0;
    if (words > GOOD_WORDS && kind !== 'message' && kind !== 'comment')
      found.push({
        at,
        message: `A sentence has ${words} words. Write at most ${GOOD_WORDS}.`,
        warning: words <= MAX_WORDS,
      });
  }
  return found;
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const WORD = new RegExp(`[\\p{L}\\p{N}${CODE}][\\p{L}\\p{N}'’.:/@-]*`, 'gu');
