/** What the fields that are typed as text share. */
import { z } from 'zod';
import type { Language } from '../wording/wording.ts';
import type { Problem } from './field-type.ts';

export const lengthKeys = {
  min_length: z.int().min(1).max(20_000).optional().describe('Fewest characters'),
  max_length: z.int().min(1).max(20_000).optional().describe('Most characters'),
};

interface Lengths {
  min_length?: number | undefined;
  max_length?: number | undefined;
}

export const lengthsInOrder = (field: Lengths): boolean => (field.min_length ?? 0) <= (field.max_length ?? Infinity);
export const lengthsOutOfOrder = { path: ['min_length'], error: 'is more than max_length' };

/* What no keyboard types: control characters other than tab and line ends, and direction overrides. */

const UNTYPABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;

/**
 * Reads typed text: NFC, one kind of line end, no white space at its ends. Lengths are in UTF-16 units, as browsers
 * count them. What is no text, or could not have been typed, is a `type` problem.
 */
export function readTyped(raw: unknown, least: number, most: number): { answer: string } | { problem: Problem } {
  if (typeof raw !== 'string' || UNTYPABLE.test(raw) || !raw.isWellFormed()) return { problem: 'type' };
  const answer = raw.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if (answer.length > most) return { problem: 'long' };
  if (answer.length < least) return { problem: 'short' };
  return { answer };
}

export const lengthSentences: Record<Language, (least: number, most: number) => Partial<Record<Problem, string>>> = {
  en: (least, most) => ({
    type: 'Use letters, numbers and signs only',
    short: `Write at least ${least} characters`,
    long: `Shorten this to ${most} characters or fewer`,
  }),
  es: (least, most) => ({
    type: 'Usa solo letras, números y signos',
    short: `Escribe al menos ${least} caracteres`,
    long: `Acorta el texto a ${most} caracteres o menos`,
  }),
};
