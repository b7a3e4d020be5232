/** The report of an import: how much was carried over, and a sentence for each part that was not. */
import { formatCount } from '../format-count.ts';

export interface ImportReport {
  /** Questions, texts between them, screens and endings of the new form. */
  carried: { questions: number; statements: number; screens: number; endings: number };
  /** How many questions of the source the new form does not have. */
  lostQuestions: number;
  /** A sentence for each thing that was left out or changed. */
  leftOut: string[];
}

/** No person reads more sentences. The last one counts the others. */
export const MAX_SENTENCES = 200;

/** Longest name of a question in a sentence, in characters. */
const MAX_NAME = 70;

export interface ReportBuilder {
  /** Adds a sentence about the whole form. The same sentence is added once. */
  add(sentence: string): void;
  /** Adds a sentence about the part with this name: a question, a screen, an ending. */
  about(name: string, sentence: string): void;
  /** Adds that the question `name` was left out, and the reason as a sentence. */
  lose(name: string, reason: string): void;
  /** Adds that `count` questions were left out, for one reason. */
  loseMany(count: number, reason: string): void;
  /** Counts settings of the look. One sentence reports them together. */
  addLook(): void;
  /** Counts texts that a language lacks. */
  addUntranslated(language: string): void;
  build(carried: ImportReport['carried'], languageInEnglish: (language: string) => string): ImportReport;
}

/** Begins a report. Its sentences are in the order in which they were added, after the lost questions. */
export function startReport(): ReportBuilder {
  const sentences = new Set<string>();
  /** Lost questions are read first. */
  const losses = new Set<string>();
  const untranslated = new Map<string, number>();
  let lostQuestions = 0;
  let hasLook = false;
  const add = (sentence: string) => {
    sentences.add(sentence);
  };
  const about = (name: string, sentence: string) => add(`${quoted(name)}: ${sentence}`);
  return {
    add,
    about,
    lose(name, reason) {
      lostQuestions++;
      losses.add(`${quoted(name)} was left out. ${reason}`);
    },
    loseMany(count, reason) {
      if (count === 0) return;
      lostQuestions += count;
      losses.add(`${formatCount(count, 'question was', 'questions were')} left out. ${reason}`);
    },
    addLook() {
      hasLook = true;
    },
    addUntranslated(language) {
      untranslated.set(language, (untranslated.get(language) ?? 0) + 1);
    },
    build(carried, languageInEnglish) {
      for (const [language, count] of untranslated) {
        add(`${formatCount(count, 'text has', 'texts have')} no ${languageInEnglish(language)}. The first language is there instead.`); // prettier-ignore
      }
      if (hasLook) add('The look, such as columns, widths and colors, was left out. Flipsite has a look of its own.');
      const all = [...losses, ...sentences];
      const more = all.length - MAX_SENTENCES;
      const kept = more > 0 ? [...all.slice(0, MAX_SENTENCES), `${formatCount(more, 'more thing was', 'more things were')} left out or changed.`] : all; // prettier-ignore
      // A sentence can quote the source, and a terminal obeys control characters.
      return { carried, lostQuestions, leftOut: kept.map(onOneLine) };
    },
  };
}

/** A text on one line, without invisible characters. */
const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

/** A name between quotes, on one line and not too long. */
export function quoted(name: string): string {
  const line = onOneLine(name.slice(0, 1_000)) || 'A question without a title';
  return `“${line.length > MAX_NAME ? `${line.slice(0, MAX_NAME).trimEnd()}…` : line}”`;
}

/** `names` as the end of a sentence that begins with `start`; only the full stop, or nothing, where there are none. */
export const quotedList = (start: string, names: string[]): string =>
  names.length ? `${start}${names.slice(0, 20).map(quoted).join(', ')}.` : start.startsWith(' ') ? '' : '.';

/** The head of a report in one or two sentences: "12 questions were carried over. 2 questions were left out." */
export function reportInWords({ carried, lostQuestions }: ImportReport): string {
  const head = `${formatCount(carried.questions, 'question was', 'questions were')} carried over.`;
  return lostQuestions ? `${head} ${formatCount(lostQuestions, 'question was', 'questions were')} left out.` : head;
}

/** The comments above an imported form: the source and the report. */
export const reportInComments = (source: string, report: ImportReport): string =>
  [`Imported from ${source}. ${reportInWords(report)}`, ...report.leftOut.map((sentence) => `- ${sentence}`)]
    .map((line) => `# ${line}\n`)
    .join('');

/** The report in the comments above a form; undefined where there is none. `head`: the source and the counts, as sentences. */
export function reportInText(text: string): { head: string; leftOut: string[] } | undefined {
  const [first = '', ...others] = text.split(/\r?\n/, MAX_SENTENCES + 2);
  if (!first.startsWith('# Imported from ')) return undefined;
  const end = others.findIndex((line) => !line.startsWith('# - '));
  const listed = end === -1 ? others : others.slice(0, end);
  return { head: first.slice('# '.length), leftOut: listed.map((line) => line.slice('# - '.length)) };
}
