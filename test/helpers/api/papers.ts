/** A form that asks for files, and the requests that bring them. */
import { Buffer } from 'node:buffer';
import path from 'node:path';
import type { TestSite } from '../site.ts';
import { keptIn } from '../samples/files.ts';
import { begin, openSmallSite, send, type Draft, type ApiResponse } from './client.ts';

export const PAPERS = `
title: Papers
languages: [en, es]
screens:
  - id: about
    title: { en: About, es: Datos }
    fields:
      - { id: full_name, type: text, label: Name, required: true }
      - { id: tax, type: text, label: Tax number, sensitive: true }
  - id: papers
    title: { en: Papers, es: Papeles }
    fields:
      - { id: cv, type: file, label: CV, accept: [pdf, image/png], max_size: 100 kB, max_files: 2, required: true }
      - { id: letter, type: file, label: Letter, accept: [document], max_size: 1 MB }
      - { id: contract, type: file, label: Contract, accept: [pdf], sensitive: true, show_when: { full_name: Boss } }
      - { id: signed, type: signature, label: Signature }
endings: [{ id: done, title: 'Thank you' }]
`;

export const KB = 1024;

export const openPapers = (more: Parameters<typeof openSmallSite>[0] = {}): Promise<TestSite> =>
  openSmallSite({ forms: { papers: PAPERS }, ...more });

export interface PaperDraft extends Draft {
  upload(field: string, bytes: Uint8Array, more?: Record<string, string>): Promise<ApiResponse>;
  files(): Promise<ApiResponse>;
  get(file: string): Promise<Response>;
  remove(file: string): Promise<ApiResponse>;
}

/** A draft that stands before the screen of the files. */
export async function beforePapers(site: TestSite, given: unknown = {}): Promise<PaperDraft> {
  const draft = await begin(site, 'papers', given);
  await draft.put('about', { full_name: 'Ana', tax: 'TAX-123-456' });
  const base = `/api/submissions/${draft.id}/files`;
  return {
    ...draft,
    upload: (field, bytes, more = {}) =>
      send(site, 'POST', `${base}?field=${field}`, bytes, {
        'content-type': 'application/octet-stream',
        ...draft.headers,
        ...more,
      }),
    files: () => send(site, 'GET', base, undefined, draft.headers),
    get: (file) => fetch(`${site.origin}${base}/${file}`, { headers: draft.headers }),
    remove: (file) => send(site, 'DELETE', `${base}/${file}`, undefined, draft.headers),
  };
}

export const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

export const keptBy = (site: TestSite): string[] => keptIn(path.join(site.folder, 'data'));
