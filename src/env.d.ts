/// <reference types="astro/client" />

declare module 'virtual:browser' {
  /** The script of a form's page, bundled, to stand inside it; `plain` lacks what only some forms need. */
  export const pageScripts: Record<'plain' | 'full', string>;
  /** The scripts that load when the person comes near them, by language: address and text. */
  export const chunks: Record<
    import('./form/wording/wording.ts').Language,
    Record<
      | 'submission'
      | 'wink'
      | 'files'
      | 'review'
      | 'solve'
      | 'invited'
      | 'resume-link'
      | 'launch'
      | 'linked'
      | 'qr'
      | 'link-errors'
      | 'amounts'
      | 'preview'
      | 'embed',
      { path: string; text: string }
    >
  >;
  /** The script of the page that a widget has to itself. */
  export const frameScript: string;
  /** The text of `/embed.js`. */
  export const embedScript: string;
}

declare module 'virtual:editor' {
  /** The scripts of the editor: address and text. */
  export const editorFiles: import('./publish/bundles/editor-bundle.ts').BuiltScript[];
  /** The address of the one that loads the others. */
  export const editorScript: string;
}

declare module 'virtual:guide' {
  /** The keys of the form language, for the panels of the editor. */
  export const guide: import('./form/docs/guide.ts').Guide;
}

/** The page's words in the one language that a part is bundled for. */
declare module 'virtual:words' {
  const words: typeof import('./form/wording/en.ts').en;
  export const page: typeof words.page;
  export const keep: typeof words.keep;
  export const ending: typeof words.ending;
  export const review: typeof words.review;
  export const files: typeof words.files;
  export const invite: typeof words.invite;
  export const elsewhere: typeof words.elsewhere;
  export const resume: typeof words.resume;
  export const linking: typeof words.linking;
  export const linked: typeof words.linked;
  export const trouble: typeof words.trouble;
}

/** Parts that another part loads when they are near. They reject when the network does not bring them. */
declare module 'chunk:qr' {
  export function load(): Promise<typeof import('./browser/chunks/saving/qr.ts')>;
}
declare module 'chunk:resume-question' {
  export function load(): Promise<typeof import('./browser/chunks/saving/resume-question.ts')>;
}
declare module 'chunk:resume-link' {
  export function load(): Promise<typeof import('./browser/chunks/saving/resume-link.ts')>;
}
declare module 'chunk:linked' {
  export function load(): Promise<typeof import('./browser/chunks/wink/linked.ts')>;
}
declare module 'chunk:link-errors' {
  export function load(): Promise<typeof import('./browser/chunks/wink/link-errors.ts')>;
}
declare module 'chunk:ending' {
  export function load(): Promise<typeof import('./browser/chunks/saving/ending.ts')>;
}
declare module 'chunk:launch' {
  export function load(): Promise<typeof import('./browser/chunks/wink/launch.ts')>;
}

declare namespace App {
  interface Locals {
    /** What an internal render shows; pages for the outside never have it. */
    view?: import('./publish/rendering/views.ts').View;
    /** Collects the scripts and styles that components write into the page, for its policy; absent where there is no server. */
    inline?: import('./publish/rendering/policy.ts').Inline;
    /** Present where the page is that of a preview. */
    preview?: import('./publish/rendering/page-data.ts').PreviewContext | undefined;
    /** A page of the dashboard, with its props. Absent for a request from outside. */
    dashboard?: import('./dashboard/pages.ts').RenderedPage;
  }
}
