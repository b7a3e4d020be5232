/** GitHub's issue forms. */
import { expect, it } from 'vitest';
import { definition, imported } from './imported.ts';

const FORM = `name: Bug
description: Report a bug
title: "[Bug]: "
labels: [bug]
body:
  - type: markdown
    attributes: { value: "**Hello** {name}, read [the guide](https://acme.example/guide)." }
  - type: input
    id: version
    attributes: { label: Version, placeholder: "1.2", value: "2.0" }
    validations: { required: true }
  - type: dropdown
    attributes: { label: Browser, options: [Firefox, Chrome], default: 1 }
  - type: dropdown
    attributes: { label: Systems, multiple: true, options: [Linux, macOS] }
  - type: textarea
    attributes: { label: Logs, render: shell }
  - type: checkboxes
    id: terms
    attributes: { label: Terms, options: [{ label: I agree, required: true }] }
  - type: checkboxes
    attributes: { label: Extras, options: [{ label: I can help }, { label: I can test }] }
  - type: robot
    attributes: { label: Beep }
`;

it('each type of element becomes the field that asks the same', () => {
  const { field, fields, sentences, faults } = imported(FORM);

  expect(faults).toEqual([]);
  expect(field('about')).toEqual({ id: 'about', type: 'statement', text: 'Hello { name }, read the guide (https://acme.example/guide).' }); // prettier-ignore
  expect(field('version')).toEqual({ id: 'version', type: 'text', label: 'Version', required: true, placeholder: '1.2', default: '2.0' }); // prettier-ignore
  expect(field('browser')).toMatchObject({ type: 'select', default: 'Chrome' });
  expect(field('systems')).toMatchObject({ type: 'checkboxes', options: ['Linux', 'macOS'] });
  expect(field('terms')).toMatchObject({ type: 'consent', label: 'I agree', required: true });
  expect(field('extras')).toMatchObject({ type: 'checkboxes', options: ['I can help', 'I can test'] });
  expect(fields.filter(({ text }) => text === 'Terms')).toHaveLength(1);
  expect(sentences).toEqual([
    '“Beep” was left out. Flipsite has no question of the type “robot”.',
    'The settings of the issue were left out: labels, title.',
    '“Logs”: its text is not shown as code.',
  ]);
});

it('boxes that must be ticked are consents, and the others are options', () => {
  const { fields } = imported(definition('github/frontend-bug_report.yml'));

  expect(fields.filter(({ type }) => type === 'consent')).toHaveLength(3);
  expect(fields.find(({ type }) => type === 'checkboxes')).toMatchObject({ label: 'Checklist' });
});
