/** Imports for tests, and the texts in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { importForm } from '../../../src/form/import/import.ts';
import { printFault } from '../../../src/form/faults/faults.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { root } from '../../helpers/site.ts';
import { NOW } from '../../helpers/compile.ts';

export const definitions = path.join(root, 'test/fixtures/imports');
export const definition = (name: string): string => readFileSync(path.join(definitions, name), 'utf8');

interface Field {
  id: string;
  type: string;
  [key: string]: unknown;
}

/** The form as it is in the text. */
export interface FormData {
  title: unknown;
  languages?: string[];
  params?: string[];
  screens: { id: string; title: unknown; text?: unknown; fields?: Field[]; next?: { when?: unknown; go: string }[] }[];
  endings: { id: string; title: unknown; text?: unknown; redirect?: string }[];
}

/** Imports a definition, which may be an object that becomes JSON. @throws {Error} where it is not recognized */
export function imported(source: string | object, options: { title?: string } = {}) {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const result = importForm(text, { now: NOW, ...options });
  if (!result.ok || !result.report) throw new Error(result.ok ? 'It is a Flipsite form.' : result.message);
  const parsed = parseForm('imported.yaml', result.text, NOW);
  const data = parse(result.text) as FormData;
  return {
    ...result,
    report: result.report,
    sentences: result.report.leftOut,
    faults: parsed.ok ? [] : parsed.faults.map(printFault),
    data,
    fields: data.screens.flatMap(({ fields = [] }) => fields),
    field: (id: string) => data.screens.flatMap(({ fields = [] }) => fields).find((field) => field.id === id),
  };
}
