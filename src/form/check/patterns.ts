/** The properties such as `\\p{L}` in the patterns of all questions together: the server compiles each pattern. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { countProperties } from '../fields/text/pattern.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { Finding } from './finding.ts';

const MAX_PROPERTIES = SITE_LIMITS.patternProperties.value;

export function patternFaults(form: Form): Finding[] {
  const patterns = new Set(fieldsOf(form).flatMap((field) => (field.type === 'text' && field.pattern) || []));
  const count = [...patterns].reduce((sum, pattern) => sum + countProperties(pattern), 0);
  if (count <= MAX_PROPERTIES) return [];
  return [
    {
      place: { path: ['screens'] },
      message: `the patterns have \`\\p{…}\` ${count.toLocaleString('en')} times together, and a form can have it ${MAX_PROPERTIES} times`,
      remedy: 'Use the same pattern for several questions, which counts once. Or write characters, such as [A-Za-z].',
    },
  ];
}
