/** The page with the preview of a form: the page in a frame, its links, and its test answers. */
import { isIP } from 'node:net';
import type { EditorFault } from '../../contract/editor.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import type { PreviewKind } from '../../publish/preview-token.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import { formHead, type FormHead } from '../forms/head.ts';

/** A link to the preview, and its end. */
export type PreviewLink = { address: string; until: string };

export type PreviewView = FormHead & {
  /** The path of the preview in the frame; undefined while no text of the form is without errors. */
  frame: string | undefined;
  /** The languages of the form. `path`: of the preview in that language */
  languages: { language: Language; name: string; path: string }[];
  phone: PreviewLink;
  review: PreviewLink;
  /** Whether only this computer can open the address of the site. */
  isLocal: boolean;
  /** How many test answers there are. */
  answers: number;
  /** The errors of the newest text. */
  faults: EditorFault[];
  done: 'forgotten' | 'withdrawn' | undefined;
};

/** Undefined where there is no such form. */
export async function previewView(c: DashboardContext, slug: string): Promise<PreviewView | undefined> {
  const { previews } = c.var.options;
  const head = await formHead(c, slug);
  const state = head && (await previews?.state(slug));
  if (!previews || !state) return undefined;
  const linkOf = async (kind: PreviewKind): Promise<PreviewLink> => {
    const { path, expiresAt } = await previews.link(slug, kind);
    return { address: siteAddress(c) + path, until: expiresAt.toISOString() };
  };
  const { path } = await previews.link(slug, 'frame');
  const { shown, faults, answers } = state;
  const done = c.req.query('done');
  return {
    ...head,
    frame: shown && `${path}/${slug}`,
    languages: (shown?.form.languages ?? []).map((language) => ({
      language,
      name: wordings[language].name,
      path: `${path}/${slug}/${language}`,
    })),
    phone: await linkOf('phone'),
    review: await linkOf('review'),
    isLocal: isThisMachine(new URL(siteAddress(c)).hostname),
    answers,
    faults: faults.map(({ line, column, message, remedy }) => ({ line, column, message, remedy })),
    done: done === 'forgotten' || done === 'withdrawn' ? done : undefined,
  };
}

/** The path of a form's preview in a frame, with the path that a proxy removes. Undefined on a site without previews. */
export async function framePath(c: DashboardContext, slug: string): Promise<string | undefined> {
  const link = await c.var.options.previews?.link(slug, 'frame');
  return link && `${c.var.base}${link.path}/${slug}`;
}

/** Whether a host name stands for the machine itself, so that no phone reaches it. */
function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')); // prettier-ignore
}
