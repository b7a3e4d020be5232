/** Shared by the fields with a number as answer: number, money, rating, scale. */
import { z } from 'zod';
import { outsideOf, type Amount, type AmountLimits } from '../../runtime/amount.ts';
import { fillPipes } from '../../runtime/text.ts';
import type { Language } from '../../wording/wording.ts';
import type { Attributes, Problem } from '../field-type.ts';
import { inEach } from '../sentences.ts';

export const limitKeys = {
  min: z.number().optional().describe('The smallest number. Below 0, phones show a keyboard with a minus'),
  max: z.number().optional().describe('The largest number'),
};

/** A `number` loses more decimals than this beside a large whole part. */
export const stepKey = z.number().min(0.000001);

export const limitsInOrder = ({ min, max }: Pick<AmountLimits, 'min' | 'max'>): boolean =>
  (min ?? -Infinity) <= (max ?? Infinity);
export const limitsOutOfOrder = { path: ['min'], error: 'is more than max' };

export function readNumber(limits: AmountLimits, raw: unknown): { answer: number } | { problem: Problem } {
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return { problem: 'type' };
  const problem = outsideOf(limits, raw);
  return problem ? { problem } : { answer: raw };
}

/** A likely number of the person `number`. It is round, and may be outside the limits of a field. */
export const sampleNumber = (_field: unknown, number: number): number => 1_000 + (number % 500) * 10;

/** A numeric keyboard of a phone may have no minus. So a field that takes numbers below 0 opens the full keyboard. */
export const numberControl = (amount: Amount): { kind: 'input'; amount: Amount; attributes: Attributes } => ({
  kind: 'input',
  amount,
  attributes: {
    type: 'text',
    inputmode: (amount.min ?? 0) < 0 ? 'text' : Number.isInteger(amount.step) ? 'numeric' : 'decimal',
    autocomplete: 'off',
    dir: 'ltr',
  },
});

type Words = Record<
  'type' | 'unclear' | 'low' | 'high' | 'larger' | 'smaller' | 'whole' | 'step' | 'like' | 'coins',
  string
>;

const WORDS: Record<Language, Words> = {
  en: {
    type: 'Enter a number, using digits only',
    unclear: 'Do you mean {a} or {b}? Write one of the two',
    low: 'Enter {n} or more',
    high: 'Enter {n} or less',
    larger: 'Enter a larger number',
    smaller: 'Enter a smaller number',
    whole: 'Enter a whole number',
    step: 'Enter a number in steps of {n}',
    like: 'Enter a number like {a} or {b}',
    coins: 'Enter an amount like {n}',
  },
  es: {
    type: 'Escribe un número, solo con cifras',
    unclear: '¿Quieres decir {a} o {b}? Escribe uno de los dos',
    low: 'Escribe {n} o más',
    high: 'Escribe {n} o menos',
    larger: 'Escribe un número mayor',
    smaller: 'Escribe un número menor',
    whole: 'Escribe un número entero',
    step: 'Escribe un número en pasos de {n}',
    like: 'Escribe un número como {a} o {b}',
    coins: 'Escribe un importe como {n}',
  },
  fil: {
    type: 'Maglagay ng numero, mga digit lang',
    unclear: '{a} ba o {b} ang ibig mong sabihin? Isulat ang isa sa dalawa',
    low: 'Maglagay ng {n} o higit pa',
    high: 'Maglagay ng {n} o mas mababa',
    larger: 'Maglagay ng mas malaking numero',
    smaller: 'Maglagay ng mas maliit na numero',
    whole: 'Maglagay ng buong numero',
    step: 'Maglagay ng numero na may pagitan na {n}',
    like: 'Maglagay ng numero tulad ng {a} o {b}',
    coins: 'Maglagay ng halaga tulad ng {n}',
  },
  id: {
    type: 'Isi bilangan, dengan angka saja',
    unclear: 'Maksudnya {a} atau {b}? Tulis salah satunya',
    low: 'Isi {n} atau lebih',
    high: 'Isi {n} atau kurang',
    larger: 'Isi bilangan yang lebih besar',
    smaller: 'Isi bilangan yang lebih kecil',
    whole: 'Isi bilangan bulat',
    step: 'Isi bilangan dengan selisih {n}',
    like: 'Isi bilangan seperti {a} atau {b}',
    coins: 'Isi jumlah seperti {n}',
  },
  zh: {
    type: '填写一个数，只用数字',
    unclear: '是 {a} 还是 {b}？填写其中一个',
    low: '填写 {n} 或更大的数',
    high: '填写 {n} 或更小的数',
    larger: '填写更大的数',
    smaller: '填写更小的数',
    whole: '填写整数',
    step: '填写以 {n} 为间隔的数',
    like: '填写像 {a} 或 {b} 这样的数',
    coins: '填写金额，例如 {n}',
  },
  ar: {
    type: 'اكتب عددًا بالأرقام فقط',
    unclear: 'هل تقصد {a} أم {b}؟ اكتب أحدهما',
    low: 'اكتب {n} أو أكثر',
    high: 'اكتب {n} أو أقل',
    larger: 'اكتب عددًا أكبر',
    smaller: 'اكتب عددًا أصغر',
    whole: 'اكتب عددًا صحيحًا',
    step: 'اكتب عددًا بخطوات من {n}',
    like: 'اكتب عددًا مثل {a} أو {b}',
    coins: 'اكتب مبلغًا مثل {n}',
  },
};

/**
 * The sentences of a field with limits, which `inWords` formats.
 * @param coins an amount to show, for a field that takes all amounts in coins
 */
export const numberSentences = <F extends AmountLimits>(
  inWords: (value: number, field: F, language: Language) => string,
  coins: (field: F) => number | undefined = () => undefined,
) =>
  inEach<Words, F>(WORDS, (words, field, language) => {
    const { min, max, step } = field;
    const stepInWords = () => {
      const amount = coins(field);
      // Steps count from `min`, so 5, 10 and 15 may be none of them.
      if (min !== undefined && outsideOf({ step }, min) === 'step')
        return fillPipes(words.like, { a: inWords(min, field, language), b: inWords(min + step, field, language) });
      return amount === undefined
        ? fillPipes(words.step, { n: inWords(step, field, language) })
        : fillPipes(words.coins, { n: inWords(amount, field, language) });
    };
    return {
      type: words.type,
      unclear: words.unclear,
      low: min === undefined ? words.larger : fillPipes(words.low, { n: inWords(min, field, language) }),
      high: max === undefined ? words.smaller : fillPipes(words.high, { n: inWords(max, field, language) }),
      step: step === 1 && Number.isInteger(min ?? 0) ? words.whole : stepInWords(),
    };
  });
