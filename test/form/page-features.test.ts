/** The parts of the page's script that a form needs, for its texts. `test/site/respondent/page-script.spec.ts` has the other parts. */
import { expect, it } from 'vitest';
import { featuresOf } from '../../src/form/inspect/page-features.ts';
import { pageData } from '../../src/publish/rendering/page-data.ts';
import { compile } from '../helpers/compile.ts';

const withWidget = (words: string) =>
  compile(`
title: Jobs
languages: [ar]
screens:
  - id: apps
    title: Apps
    fields: [{ id: app, type: checkboxes, label: Apps, options: [Grab, Lalamove] }]
  - id: jobs
    title: Jobs
    wink: [{ ${words} }]
endings: [{ id: done, title: Done }]
`);

it.each([
  ['the title', `title: 'Your job at {app}'`],
  ['the text', `title: Your job, text: 'You work for {app}.'`],
])('shows answers in %s of a widget, with the comma of the language', (_, words) => {
  const form = withWidget(words);
  expect(featuresOf(form)).toContain('shownAnswers');
  const site = { api: '', base: '', scripts: { v2: '', v1: '' } };
  expect(pageData(form, 'v', 'ar', site, (chunk) => `/${chunk}.js`).comma).toBe('، ');
});

it('shows no answers in a widget without one', () => {
  expect(featuresOf(withWidget('title: Your job'))).not.toContain('shownAnswers');
});
