/** The work on a form that takes long for a large or a hostile text. It runs on the thread of `form-checker.ts`. */
import { describeChanges, type Change } from '../../form/changes/changes.ts';
import type { Finding } from '../../form/check/finding.ts';
import { readAll, type TextReading } from '../../form/edit/reading.ts';
import { editAll, type Edit, type EditChange, type Path } from '../../form/edit/edit.ts';
import { faultAt, sortFaults, type FormFault } from '../../form/faults/faults.ts';
import { compileForm, readForm, type FormFile } from '../../form/folder.ts';
import { importForm, type Imported } from '../../form/import/import.ts';
import { readFormSource, type Parsed } from '../../form/parse.ts';
import { websitesIn } from '../../form/inspect/websites.ts';
import type { Form } from '../../form/schema.ts';
import { differenceOf, type TextDifference } from './text-difference.ts';

/** The work by its name, with the values that it takes and gives. They are copied between the threads. */
export interface FormWork {
  check: [input: { file: string; text: string; now: Date }, answer: Parsed];
  file: [input: { file: string; now: Date }, answer: FormFile];
  locate: [input: { file: string; text: string; findings: Finding[] }, answer: FormFault[]];
  compare: [input: { before: Form | undefined; after: Form; earlier: Form[] }, answer: Change[]];
  difference: [input: { before: string; after: string }, answer: TextDifference | null];
  edit: [input: { text: string; changes: [Path, EditChange][] }, answer: Edit];
  read: [input: { text: string }, answer: TextReading];
  import: [input: { text: string; title: string; now: Date }, answer: Imported];
  websites: [input: { text: string }, answer: string[] | null];
}

export const FORM_WORK: { [Name in keyof FormWork]: (input: FormWork[Name][0]) => FormWork[Name][1] } = {
  check: ({ file, text, now }) => compileForm(file, text, now),
  file: ({ file, now }) => readForm(file, now),
  locate({ file, text, findings }) {
    const source = readFormSource(file, text);
    return sortFaults(findings.map(({ place, message, remedy }) => faultAt(source, place, message, remedy)));
  },
  compare: ({ before, after, earlier }) => describeChanges(before, after, earlier),
  difference: ({ before, after }) => differenceOf(before, after) ?? null,
  edit: ({ text, changes }) => editAll(text, changes),
  read: ({ text }) => readAll(text),
  import: ({ text, ...options }) => importForm(text, options),
  websites: ({ text }) => websitesIn(text) ?? null,
};
