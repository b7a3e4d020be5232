import type { WidgetProvider } from './api.ts';
import { widgetButton, h, widgetIcon } from './dom.ts';
import type { WidgetScreen } from './view.ts';
import { words } from './words.ts';

export function providerList(props: {
  providers: WidgetProvider[];
  connected: Set<string>;
  search: boolean;
  types: boolean;
  onPick: (provider: WidgetProvider) => void;
  onMissing: () => void;
  /** Opens the list of sent documents, if there are any. */
  onSent: (() => void) | undefined;
}): WidgetScreen {
  const { list: text } = words;
  const { providers } = props;
  let chosen: string | undefined;

  const list = h('ul', { class: 'list' });
  const count = h('p', { class: 'hide', role: 'status' });
  const none = h('p', { hidden: true });
  const search = h('input', { id: 'search', type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: fill });
  const kinds = [undefined, ...new Set(providers.map(({ type }) => type))];
  const chips = kinds.map((kind) => {
    const chip = widgetButton('quiet', kind === undefined ? text.all : kindName(kind), () => {
      chosen = kind;
      fill();
    });
    return { kind, chip };
  });

  function fill() {
    const word = search.value.trim();
    const found = providers
      .filter(({ type }) => chosen === undefined || type === chosen)
      .filter(({ name }) => plain(name).includes(plain(word)));
    for (const { kind, chip } of chips) chip.setAttribute('aria-pressed', String(kind === chosen));
    list.replaceChildren(...found.map((provider) => entry(provider, props.connected.has(provider.id), props.onPick)));
    none.hidden = found.length > 0;
    none.textContent = none.hidden ? '' : text.none(word);
    count.textContent = text.found(found.length);
  }

  fill();
  return {
    name: 'list',
    heading: text.heading,
    body: [
      ...(props.search ? [h('div', { class: 'field' }, h('label', { for: 'search' }, text.search), search)] : []),
      ...(props.types && kinds.length > 2
        ? [h('div', { class: 'chips', role: 'group', 'aria-label': text.types }, ...chips.map(({ chip }) => chip))]
        : []),
      count,
      list,
      none,
      h(
        'div',
        {},
        widgetButton('quiet', text.missing, props.onMissing),
        props.onSent && widgetButton('quiet', text.sent, props.onSent),
      ),
    ],
  };
}

/** A provider is a button with its name as label; the rest describes it. */
function entry(provider: WidgetProvider, connected: boolean, onPick: (provider: WidgetProvider) => void) {
  const [nameId, aboutId] = [`name-${provider.id}`, `about-${provider.id}`];
  const about = connected
    ? h('span', { id: aboutId, class: 'note ok' }, widgetIcon('done'), words.list.connected)
    : h('span', { id: aboutId, class: 'dim' }, kindName(provider.type));
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'entry',
        'aria-labelledby': nameId,
        'aria-describedby': aboutId,
        onclick: () => onPick(provider),
      },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, provider.initials),
      h('span', { class: 'grow' }, h('b', { id: nameId }, provider.name), about),
      widgetIcon('next'),
    ),
  );
}

function kindName(type: string) {
  return words.list.kinds[type] ?? type;
}

/** Without case and accents, so that “nomina” finds “Nómina”. */
function plain(text: string) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
