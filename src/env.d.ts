/// <reference types="astro/client" />

declare module 'virtual:browser' {
  /** The script of a form's page, bundled, to stand inside it. */
  export const pageScript: string;
  /** The script of a Wink screen: its address and its text. */
  export const winkModule: { path: string; text: string };
}

declare namespace App {
  interface Locals {
    /** What an internal render shows; pages for the outside never have it. */
    view?: import('./publish/views.ts').View;
    /** What the dashboard reads; absent where there is no server. */
    dashboard?: import('./dashboard/context.ts').Dashboard;
  }
}
