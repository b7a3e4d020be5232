/** The comparison of two versions and the rehearsal of a change, with random pairs of forms. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeChanges } from '../../../src/form/changes/changes.ts';
import { parseForm } from '../../../src/form/parse.ts';
import type { Form } from '../../../src/form/schema.ts';
import { definitionOf } from '../../../src/form/version.ts';
import { rehearse } from '../../../src/respond/rehearsal/rehearse.ts';
import { LONG } from '../../helpers/run/long.ts';
import { randomForm } from '../../helpers/samples/random-forms.ts';
import { NOW } from '../../helpers/compile.ts';

/** Random pairs of good forms. */
const CASES = LONG ? 100 : 25;

function compiled(text: string): Form {
  const parsed = parseForm('random.yaml', text, NOW);
  fc.pre(parsed.ok);
  return (parsed as { form: Form }).form;
}

it('any two different forms have a difference in short sentences', () => {
  fc.assert(
    fc.property(randomForm, randomForm, (one, other) => {
      const [before, after] = [compiled(one.text), compiled(other.text)];
      const sentences = describeChanges(before, after).map(({ sentence }) => sentence);
      const isSame = definitionOf(before) === definitionOf(after);
      expect(sentences.some((sentence) => sentence !== 'Nothing changes for people who fill in the form.')).toBe(
        !isSame,
      );
      const isBad = (sentence: string) =>
        sentence.split(/\s+/).length > 25 || !/^[^a-z].*\.$/s.test(sentence) || /undefined|\[object/.test(sentence);
      expect(sentences.filter(isBad)).toEqual([]);
    }),
    { numRuns: CASES },
  );
});

it('every submission ends as before in the version that it was started on', () => {
  fc.assert(
    fc.property(
      randomForm.chain(({ text, answers }) => fc.tuple(fc.constant(text), answers)),
      ([text, answers]) => {
        const attempt = { form: compiled(text), answers };
        expect(rehearse(attempt, attempt, 'en', NOW)).toEqual({ kind: 'same' });
      },
    ),
    { numRuns: CASES },
  );
});

it('no submission breaks in another good form', () => {
  fc.assert(
    fc.property(
      randomForm.chain(({ text, answers }) => fc.tuple(fc.constant(text), answers)),
      randomForm,
      ([text, answers], other) => {
        const [before, after] = [compiled(text), compiled(other.text)].map((form) => ({ form, answers }));
        expect(rehearse(before!, after!, 'en', NOW).kind).not.toBe('breaks');
      },
    ),
    { numRuns: CASES },
  );
});
