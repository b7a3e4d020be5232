/** What the fields that are answered with a number share: number, money, rating, scale. */
import { z } from 'zod';
import { fill } from '../text.ts';
import type { Language } from '../wording/wording.ts';
import type { Attributes, Problem } from './field-type.ts';
import { inEach } from './sentences.ts';

/** Which numbers a field takes: from `min` to `max`, in steps that are counted from `min`, else from 0. */
export interface Limits {
  min?: number | undefined;
  max?: number | undefined;
  step: number;
}

export const limitKeys = {
  min: z.number().optional().describe('Smallest number'),
  max: z.number().optional().describe('Largest number'),
};

/** More decimals than this are lost in what a `number` can hold beside a large whole part. */
export const stepKey = z.number().min(0.000001);

export const limitsInOrder = ({ min, max }: Pick<Limits, 'min' | 'max'>): boolean =>
  (min ?? -Infinity) <= (max ?? Infinity);
export const limitsOutOfOrder = { path: ['min'], error: 'is more than max' };

/** Numbers beyond this cannot be told from their neighbours in JSON, so none is taken. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * A whole number of steps below 0, because browsers count the steps from the smallest number, and we from 0. Chromium
 * stops counting after 2⁵³ of them.
 */
const smallest = (step: number): number =>
  -Number((step * 10 ** Math.min(14, 14 - Math.floor(Math.log10(step)))).toPrecision(15));

export function readNumber({ min, max, step }: Limits, raw: unknown): { answer: number } | { problem: Problem } {
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return { problem: 'type' };
  if (raw < (min ?? smallest(step))) return { problem: 'low' };
  if (raw > (max ?? LARGEST)) return { problem: 'high' };
  const first = min ?? 0;
  const steps = (raw - first) / step;
  // What binary fractions lose of the three numbers.
  const lost = (2 * Number.EPSILON * (Math.abs(raw) + Math.abs(first))) / step;
  return Math.abs(steps - Math.round(steps)) > lost ? { problem: 'step' } : { answer: raw };
}

export const numberAttributes = ({ min, max, step }: Limits): Attributes => ({
  type: 'number',
  inputmode: Number.isInteger(step) ? 'numeric' : 'decimal',
  min: min ?? smallest(step),
  max: max ?? LARGEST,
  step,
});

type Words = Record<'type' | 'low' | 'high' | 'larger' | 'smaller' | 'whole' | 'step' | 'coins', string>;

const WORDS: Record<Language, Words> = {
  en: {
    type: 'Enter a number, using digits only',
    low: 'Enter {n} or more',
    high: 'Enter {n} or less',
    larger: 'Enter a larger number',
    smaller: 'Enter a smaller number',
    whole: 'Enter a whole number',
    step: 'Enter a number in steps of {n}',
    coins: 'Enter an amount like {n}',
  },
  es: {
    type: 'Escribe un número, solo con cifras',
    low: 'Escribe {n} o más',
    high: 'Escribe {n} o menos',
    larger: 'Escribe un número mayor',
    smaller: 'Escribe un número menor',
    whole: 'Escribe un número entero',
    step: 'Escribe un número en pasos de {n}',
    coins: 'Escribe un importe como {n}',
  },
  fil: {
    type: 'Maglagay ng numero, mga digit lang',
    low: 'Maglagay ng {n} o higit pa',
    high: 'Maglagay ng {n} o mas mababa',
    larger: 'Maglagay ng mas malaking numero',
    smaller: 'Maglagay ng mas maliit na numero',
    whole: 'Maglagay ng buong numero',
    step: 'Maglagay ng numero na may pagitan na {n}',
    coins: 'Maglagay ng halaga tulad ng {n}',
  },
  id: {
    type: 'Isi bilangan, dengan angka saja',
    low: 'Isi {n} atau lebih',
    high: 'Isi {n} atau kurang',
    larger: 'Isi bilangan yang lebih besar',
    smaller: 'Isi bilangan yang lebih kecil',
    whole: 'Isi bilangan bulat',
    step: 'Isi bilangan dengan selisih {n}',
    coins: 'Isi jumlah seperti {n}',
  },
  zh: {
    type: '填写一个数，只用数字',
    low: '填写 {n} 或更大的数',
    high: '填写 {n} 或更小的数',
    larger: '填写更大的数',
    smaller: '填写更小的数',
    whole: '填写整数',
    step: '填写以 {n} 为间隔的数',
    coins: '填写金额，例如 {n}',
  },
  ar: {
    type: 'اكتب عددًا بالأرقام فقط',
    low: 'اكتب {n} أو أكثر',
    high: 'اكتب {n} أو أقل',
    larger: 'اكتب عددًا أكبر',
    smaller: 'اكتب عددًا أصغر',
    whole: 'اكتب عددًا صحيحًا',
    step: 'اكتب عددًا بخطوات من {n}',
    coins: 'اكتب مبلغًا مثل {n}',
  },
};

/**
 * The sentences of a field that takes the numbers in its limits, which `inWords` writes.
 * @param coins an amount to show, of a field that takes all that can be paid in coins
 */
export const numberSentences = <F extends Limits>(
  inWords: (value: number, field: F, language: Language) => string,
  coins: (field: F) => number | undefined = () => undefined,
) =>
  inEach<Words, F>(WORDS, (words, field, language) => {
    const { min, max, step } = field;
    const stepInWords = () => {
      const amount = coins(field);
      return amount === undefined
        ? fill(words.step, { n: inWords(step, field, language) })
        : fill(words.coins, { n: inWords(amount, field, language) });
    };
    return {
      type: words.type,
      low: min === undefined ? words.larger : fill(words.low, { n: inWords(min, field, language) }),
      high: max === undefined ? words.smaller : fill(words.high, { n: inWords(max, field, language) }),
      step: step === 1 ? words.whole : stepInWords(),
    };
  });
