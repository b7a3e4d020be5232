/// <reference types="astro/client" />

declare module 'virtual:browser' {
  /** The bundled script of a form's page, for the page itself. `plain` lacks the parts that only some forms need. */
  export const pageScripts: Record<'plain' | 'full', string>;
  /** The scripts that load shortly before they are needed, by language: address and text. */
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
  /** The script in the head of a form's page. */
  export const beginningScript: string;
  /** The script that only pages of a static host have. */
  export const currentScript: string;
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
  export const server: typeof words.server;
}

/** The chunks that another chunk loads before they are needed. They reject if the network fails. */
declare module 'chunk:qr' {
  export function load(): Promise<typeof import('./browser/chunks/saving/qr.ts')>;
}
declare module 'chunk:resume-question' {
  export function load(): Promise<typeof import('./browser/chunks/saving/resume-question.ts')>;
}
declare module 'chunk:notes' {
  export function load(): Promise<typeof import('./browser/chunks/saving/notes.ts')>;
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
    /** The content of an internal render. Requests from outside never have it. */
    view?: import('./publish/rendering/views.ts').View;
    /** Collects the scripts and styles that components write into the page, for its policy. Absent without a server. */
    inline?: import('./publish/rendering/policy.ts').Inline;
    /** Present where the page is that of a preview. */
    preview?: import('./publish/rendering/page-data.ts').PreviewContext | undefined;
    /** A page of the dashboard, with its props. Absent for a request from outside. */
    dashboard?: import('./dashboard/pages.ts').RenderedPage;
  }
}
