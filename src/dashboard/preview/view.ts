/** The page with the preview of a form: the page in a frame, its links, and its test answers. */
import type { EditorFault } from '../../contract/editor.ts';
import type { TextReading } from '../../form/edit/reading.ts';
import type { Form } from '../../form/schema.ts';
import { nameOfLanguage, type Language } from '../../form/wording/language-names.ts';
import type { PreviewedForm } from '../../publish/previews/preview-drafts.ts';
import type { PreviewKind } from '../../publish/previews/preview-token.ts';
import { listFormComments, type FormComment } from '../../record/forms/form-comments.ts';
import { plainText } from '../../record/results/results.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import { faultsOf } from '../editing/faults.ts';
import { readingFor } from '../editing/reading.ts';
import { formHead, type FormHead } from '../forms/head.ts';
import { addressWarning, isThisMachine } from '../share/public-address.ts';

/** A link to the preview, and its end. */
export type PreviewLink = { address: string; until: string };

/** A comment or an approval of a colleague. */
export type PreviewComment = Pick<FormComment, 'id' | 'kind' | 'name' | 'text' | 'createdAt' | 'isDone'> & {
  /** The title of the screen or question that it is about; empty for the complete form. */
  about: string;
  /** Whether the text of the form is still the one that the person saw. */
  isOfThisText: boolean;
};

export type PreviewView = FormHead & {
  /** The path of the preview in the frame; undefined while no text of the form is without errors. */
  frame: string | undefined;
  /** The languages of the form. `path`: of the preview in that language */
  languages: { language: Language; name: string; path: string }[];
  phone: PreviewLink;
  review: PreviewLink;
  /** Whether only this computer can open the address of the site. */
  isLocal: boolean;
  /** Why colleagues can't open the link for them, if so. */
  warning: string | undefined;
  /** Whether people can connect an account in it. */
  canConnect: boolean;
  /** How many test answers there are. */
  answers: number;
  /** The newest first. */
  comments: PreviewComment[];
  /** Whether the preview shows the newest text. That can lack translations. */
  isNewest: boolean;
  /** The errors of the newest text. */
  faults: EditorFault[];
  /** See `readingFor`. */
  reading: TextReading | undefined;
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
  const { shown, isNewest, faults, answers } = state;
  const done = c.req.query('done');
  return {
    ...head,
    frame: shown && `${path}/${slug}`,
    languages: (shown?.form.languages ?? []).map((language) => ({
      language,
      name: nameOfLanguage(language),
      path: `${path}/${slug}/${language}`,
    })),
    phone: await linkOf('phone'),
    review: await linkOf('review'),
    isLocal: isThisMachine(siteAddress(c)),
    warning: addressWarning(siteAddress(c)),
    canConnect: shown?.form.screens.some(({ wink }) => wink) ?? false,
    answers,
    comments: await commentsOf(c, slug, state),
    isNewest,
    reading: await readingFor(c, faults, state.text),
    faults: faultsOf({ ok: false, faults }),
    done: done === 'forgotten' || done === 'withdrawn' ? done : undefined,
  };
}

async function commentsOf(
  c: DashboardContext,
  slug: string,
  { shown, textHash }: PreviewedForm,
): Promise<PreviewComment[]> {
  const comments = await listFormComments(c.var.options.db, slug, SITE_LIMITS.formComments.value);
  return comments.map(({ id, kind, name, text, createdAt, isDone, screen, field, textHash: seen }) => ({
    id,
    kind,
    name,
    text,
    createdAt,
    isDone,
    about: shown ? titleOfPart(shown.form, screen, field) : '',
    isOfThisText: seen === textHash,
  }));
}

/** Empty where the form has no such part any more. */
function titleOfPart(form: Form, screen: string | undefined, field: string | undefined): string {
  const [language] = form.languages;
  const on = form.screens.find(({ id }) => id === screen);
  const asked = on?.fields.find(({ id }) => id === field);
  return asked ? plainText(asked.label, language) : on ? plainText(on.title, language) : '';
}

/** The path of a form's preview in a frame, with the path that a proxy removes. Undefined on a site without previews. */
export async function framePath(c: DashboardContext, slug: string): Promise<string | undefined> {
  const link = await c.var.options.previews?.link(slug, 'frame');
  return link && `${c.var.base}${link.path}/${slug}`;
}
