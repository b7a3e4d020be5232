/** The settings of the site. */
import type { DashboardContext } from '../context.ts';
import { page } from '../http/page.ts';
import { settingsPageView } from './view.ts';

export const showSiteSettings = async (c: DashboardContext): Promise<Response> =>
  page(c, 'settings', await settingsPageView(c));
