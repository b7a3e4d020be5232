/** The pages of the dashboard, by name, with their props: the contract between handlers and Astro's components. */
import type { DeliveriesView, DeliveryPageView } from './deliveries/view.ts';
import type { EditorView } from './editing/view.ts';
import type { FormSettingsView, PrivacyView } from './form-settings/view.ts';
import type { FormsView, DashboardFormView } from './forms/view.ts';
import type { InvitationsView } from './invitations/view.ts';
import type { ImportedView, NewFormView } from './new-form/view.ts';
import type { PreviewView } from './preview/view.ts';
import type { CompareView } from './publishing/compare.ts';
import type { HistoryView, PublishView } from './publishing/view.ts';
import type { AllPeopleView } from './people/all-people.ts';
import type { SubmissionPageView } from './people/view.ts';
import type { ResultsView } from './results/view.ts';
import type { LinkPageView } from './share/links-view.ts';
import type { PosterView } from './share/poster.ts';
import type { EmbedView, ShareView } from './share/view.ts';
import type { SettingsView } from './settings/view.ts';
import type { SignInError } from './sign-in/sign-in.ts';
import type { SmilePageView } from './smile-connection/view.ts';
import type { TeamView } from './team/view.ts';

/**
 * `next`: the next path of the dashboard. `lost`: the session had ended before the member changed something, or looked at
 * private data. `error`: the reason why the last try was refused.
 */
export type EntryView = {
  next?: string | undefined;
  lost?: 'change' | 'view' | undefined;
  error?: SignInError | undefined;
};

export interface DashboardPages {
  signIn: EntryView;
  setup: EntryView;
  code: EntryView;
  forms: FormsView;
  form: DashboardFormView;
  newForm: NewFormView;
  imported: ImportedView;
  editor: EditorView;
  publish: PublishView;
  preview: PreviewView;
  history: HistoryView;
  privacy: PrivacyView;
  compare: CompareView;
  formSettings: FormSettingsView;
  share: ShareView;
  shareLink: LinkPageView;
  poster: PosterView;
  tryEmbed: EmbedView & { mode: string; isAllowed: boolean };
  people: AllPeopleView;
  submission: SubmissionPageView;
  deliveries: DeliveriesView;
  error: Omit<ErrorPage, 'status'>;
  delivery: DeliveryPageView;
  invitations: InvitationsView;
  results: ResultsView;
  settings: SettingsView;
  smile: SmilePageView;
  team: TeamView;
}

/**
 * Pages that need more than a policy of their own scripts and styles. `nonce`: an editor, which loads scripts, writes styles
 * and shows a frame. `frame`: it shows a page of this site in a frame. `embed`: it shows a form as another website does.
 * `script`: it loads a script of this site.
 */
export type PageNeed = 'nonce' | 'frame' | 'embed' | 'script';
export const PAGE_NEEDS: Partial<Record<keyof DashboardPages, PageNeed>> = {
  editor: 'nonce',
  preview: 'frame',
  tryEmbed: 'embed',
  poster: 'script',
};

/**
 * A page that says why a request was refused or failed: a heading and a text. `status`: of HTTP. `link`: to the page where
 * a member can change that. `signsOut`: whether signing out is the only way on.
 */
export type ErrorPage = {
  status: number;
  title: string;
  text: string;
  link?: { path: string; text: string };
  signsOut?: boolean;
};

/** The parts of the dashboard that the navigation offers. */
export type Allowed = { people: boolean; settings: boolean };

/**
 * The frame around each page. `email`: of the member who is signed in. `path`: of the request. `version`: of Flipsite.
 * `outgoing`: whether emails, webhooks and calls to Smile leave the site.
 */
export type DashboardFrame = {
  email: string | undefined;
  path: string;
  allowed: Allowed;
  version: string | undefined;
  outgoing: boolean;
};

/** A page that is ready to be rendered. */
export type RenderedPage = {
  [Name in keyof DashboardPages]: { name: Name; props: DashboardPages[Name]; frame: DashboardFrame };
}[keyof DashboardPages];
