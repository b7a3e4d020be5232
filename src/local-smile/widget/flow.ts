import { accountFlow } from './account-flow.ts';
import type { WidgetProvider } from './api.ts';
import type { Options } from './options.ts';
import * as screens from './screens.ts';
import { openStage } from './stage.ts';
import { uploadFlow } from './upload-flow.ts';

export interface Flow {
  /** Closes the widget like its Close button. */
  dismiss(): void;
}

/** Opens the dialog and runs the flow (Smile, Account Linking: consent, list, then an account or a document). */
export function startFlow(options: Options, widgetId: string, scriptUrl: string, onGone: () => void): Flow {
  let consented = false;
  const stage = openStage(options, { widgetId, scriptUrl, opening: screens.opening, onOpen: consent, onGone });
  const accounts = accountFlow(stage, { choose, toList });
  const uploads = uploadFlow(stage, { toList });
  return { dismiss: () => stage.finish('close') };

  function consent() {
    const { companyName, enableConsentPage } = stage.choices;
    if (consented || (dedicated() && !enableConsentPage)) return choose();
    stage.show(
      screens.consentScreen(companyName, () => {
        consented = true;
        choose();
      }),
    );
    stage.ui('ConsentPageOpened');
  }

  /**
   * The providers in the list: filtered by the choices, pinned ones first. Providers without sign-in appear only with
   * uploads.
   */
  function offered(): WidgetProvider[] {
    const { providers, providerTypes, topProviders, enableUpload } = stage.choices;
    const rank = ({ id }: WidgetProvider) => {
      const place = topProviders.indexOf(id);
      return place === -1 ? topProviders.length : place;
    };
    return stage.session.providers
      .filter(({ accountConnection }) => accountConnection || enableUpload)
      .filter(({ id }) => providers.length === 0 || providers.includes(id))
      .filter(({ type }) => providerTypes.length === 0 || providerTypes.includes(type))
      .sort((a, b) => rank(a) - rank(b));
  }

  /** The requested provider, if there is exactly one. */
  function dedicated(): WidgetProvider | undefined {
    return stage.choices.providers.length === 1 ? offered()[0] : undefined;
  }

  function toList() {
    return dedicated() ? undefined : choose;
  }

  function choose() {
    const provider = dedicated();
    if (provider) return pick(provider);
    const { enableSearchBar: search, enableTypeBar: types, enableUpload } = stage.choices;
    const { accounts, archives } = stage.session;
    stage.show(
      screens.providerList({
        providers: offered(),
        connected: new Set(accounts.filter(({ status }) => status === 'CONNECTED').map((a) => a.providerId)),
        search,
        types,
        onPick: pick,
        onMissing: missing,
        onSent: enableUpload && archives.length > 0 ? uploads.list : undefined,
      }),
    );
    stage.ui('ProviderListPageOpened');
  }

  function pick(provider: WidgetProvider) {
    if (provider.accountConnection) accounts.pick(provider);
    else uploads.list();
  }

  /** For a missing employer: asks for its name, accepts documents, or closes, by the choices. */
  function missing() {
    const onward = () => (stage.choices.enableUpload ? uploads.list() : stage.finish('exit'));
    if (!stage.choices.enableSurvey) return onward();
    stage.show(screens.survey(choose, onward));
    stage.ui('EmployerSurveyPageOpened');
  }
}
