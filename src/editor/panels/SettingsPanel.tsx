/** The settings of the form itself. */
import type { Path } from '../../form/edit/edit.ts';
import { hasLine } from '../../form/edit/outline.ts';
import { valueIn } from '../../form/edit/value.ts';
import { STARTING_WEBHOOK } from '../../form/starting-values.ts';
import { capitalize } from '../../form/capitalize.ts';
import { useEditor } from '../context.tsx';
import { faultInWords, settingParts } from '../faults/fault-words.ts';
import { listOf, mapOf, nameAt } from '../form-data.ts';
import { AddIcon, RemoveIcon } from '../outline/icons.tsx';
import { addTo } from '../outline/operations.ts';
import { removalsOf } from '../outline/dependents.ts';
import { Labelling, SelectControl, TextControl, TickControl, WithCode } from './controls.tsx';
import { contrastInWords } from './contrast.ts';
import { KeyField } from './KeyField.tsx';
import { LogoControl } from './LogoControl.tsx';
import { TextCard } from './TextCard.tsx';
import { setKey } from './set-key.ts';
import { WebsitesControl } from './WebsitesControl.tsx';
import { nameOfKey } from './words.ts';

const PRIVACY = 'Privacy and robots';

/** The settings by their subject. A setting that no subject names is under *More*. */
const SUBJECTS: readonly { title: string; keys: readonly string[] }[] = [
  { title: 'Title and description', keys: ['title', 'description', 'review'] },
  { title: 'Brand', keys: ['brand'] },
  { title: 'Open and closed', keys: ['limits', 'password'] },
  { title: 'Emails and webhooks', keys: ['notify'] },
  { title: 'Invitations', keys: ['invite'] },
  { title: 'On other websites', keys: ['embed'] },
  { title: PRIVACY, keys: ['retention', 'proof_of_work'] },
];
/** Settings with a place of their own. */
const ELSEWHERE = ['screens', 'endings', 'languages', 'match'];

export function SettingsPanel() {
  const { guide, form } = useEditor();
  const data = mapOf(form.value.data);
  const named = SUBJECTS.flatMap(({ keys }) => keys);
  const rest = guide.form.filter(({ key }) => !named.includes(key) && !ELSEWHERE.includes(key));
  const unknown = Object.keys(data).filter((key) => !guide.form.some((one) => one.key === key));
  return (
    <>
      {SUBJECTS.map(({ title, keys }) => (
        <section class="subject" key={title} aria-label={title}>
          <h3>{title}</h3>
          {keys.map((key) => (
            <Setting key={key} name={key} />
          ))}
          {title === PRIVACY && (
            <p>
              <a href="privacy">See all that this form stores</a>, where and for how long.
            </p>
          )}
        </section>
      ))}
      <section class="subject" aria-label="More settings">
        <h3>More</h3>
        {rest.map(({ key }) => (
          <Setting key={key} name={key} />
        ))}
        {unknown.map((key) => (
          <TextCard key={key} path={[key]} label={`The key “${key}”`} />
        ))}
      </section>
    </>
  );
}

/** The controls of a setting, with its errors below them. For a screen reader, the errors describe the group of controls. */
function Setting({ name }: { name: string }) {
  const { model, form, guide } = useEditor();
  const { outline, data } = form.value;
  const parts = settingParts(outline).filter(({ path: [key] }) => key === name);
  const faults = model.faults.value.filter(({ line }) => parts.some((part) => hasLine(part, line)));
  const id = `${name}-faults`;
  return (
    <div class="controls" role="group" aria-describedby={faults.length ? id : undefined}>
      <SettingControls name={name} />
      {faults.length > 0 && (
        <div id={id} class="control">
          {faults.map((fault, at) => {
            const { message, remedy = '' } = faultInWords(fault, data, guide.types);
            return (
              <small class={fault.isDoubt ? undefined : 'bad'} key={at}>
                <WithCode text={`${capitalize(message)}. ${remedy}`} />
              </small>
            );
          })}
        </div>
      )}
    </div>
  );
}

function SettingControls({ name }: { name: string }) {
  const guide = useEditor().guide.form.find(({ key }) => key === name);
  if (!guide) return null;
  switch (name) {
    case 'brand':
      return <BrandControls />;
    case 'limits':
      return <LimitControls />;
    case 'notify':
      return <NotificationControls />;
    case 'invite':
      return <InviteControls />;
    case 'embed':
      return <WebsitesControl />;
    case 'links':
      return (
        <p>
          {nameOfKey('links')} are made and counted under <a href="share">Share</a>.
        </p>
      );
    case 'retention':
      return <DaysControl path={[]} name="retention" help="After this time without a change, Flipsite deletes a submission with its files and account data." />; // prettier-ignore
    default:
      return <KeyField path={[]} guide={guide} isQuiet={name === 'title'} />;
  }
}

function BrandControls() {
  const editor = useEditor();
  const brand = mapOf(mapOf(editor.form.value.data)['brand']);
  const color = String(brand['color'] ?? '');
  const isColor = /^#[0-9a-f]{6}$/i.test(color);
  const set = (key: string) => (text: string) => setBrand(editor, key, text.trim());
  return (
    <>
      <TextControl
        label={nameOfKey('name', 'brand')}
        value={String(brand['name'] ?? '')}
        onType={
          brand['name']
            ? (text) => text.trim() && editor.model.type(['brand', 'name'], { do: 'set', value: text })
            : undefined
        }
        onCommit={set('name')}
      />
      <Labelling label={nameOfKey('color', 'brand')} help={isColor ? contrastInWords(color) : undefined}>
        {(ids) => (
          <div class="row color">
            <input
              type="color"
              id={ids.id}
              aria-describedby={ids.help}
              value={isColor ? color : '#0f5b6e'}
              onChange={(event) => set('color')(event.currentTarget.value)}
            />
            <TextControl label="Code of the color" value={color} placeholder="#0b6e4f" onCommit={set('color')} />
          </div>
        )}
      </Labelling>
      <LogoControl value={String(brand['logo'] ?? '')} onChange={set('logo')} />
    </>
  );
}

/** A brand needs a name, so the first setting of a brand brings the title of the form as its name. */
function setBrand(editor: ReturnType<typeof useEditor>, key: string, text: string): void {
  const { data } = editor.form.value;
  const hasBrand = mapOf(data)['brand'] !== undefined;
  if (!hasBrand && text)
    editor.model.change(['brand'], { do: 'set', value: key === 'name' ? { name: text } : { name: nameAt(data, []).slice(0, 60), [key]: text } }); // prettier-ignore
  else if (hasBrand) setKey(editor, ['brand'], key, text || undefined);
}

/** The time zone of the member. */
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones of this browser, with the usual ones of our publishers first. */
const ZONES = [...new Set(['Asia/Manila', 'Asia/Jakarta', 'America/Mexico_City', ZONE, ...Intl.supportedValuesOf('timeZone')])]; // prettier-ignore

function LimitControls() {
  const editor = useEditor();
  const { data } = editor.form.value;
  const limits = mapOf(mapOf(data)['limits']);
  const guides = editor.guide.form.find(({ key }) => key === 'limits');
  const of = (name: string) => (guides?.control.kind === 'map' ? guides.control.keys.find(({ key }) => key === name) : undefined); // prettier-ignore
  const set = (key: string) => (value: string) => setKey(editor, ['limits'], key, value || undefined);
  const once = editor.questions.value.filter(({ kind, answers }) => kind === 'text' && !answers);
  const max = of('max');
  const contact = of('contact');
  const isDated = ['opens', 'closes', 'timezone'].some((key) => limits[key] !== undefined);
  /** The first date is a day where the member is, and not in UTC. */
  const setDate = (key: string) => (value: string) => {
    if (!value || isDated) set(key)(value);
    else if (Object.keys(limits).length)
      editor.model.changeAll([[['limits', key], { do: 'set', value }], [['limits', 'timezone'], { do: 'set', value: ZONE }]]); // prettier-ignore
    else editor.model.change(['limits'], { do: 'set', value: { [key]: value, timezone: ZONE } });
  };
  return (
    <>
      {['opens', 'closes'].map((key) => (
        <MomentControl key={key} name={key} value={String(limits[key] ?? '')} onChange={setDate(key)} />
      ))}
      {isDated && (
        <SelectControl
          label={nameOfKey('timezone')}
          value={String(limits['timezone'] ?? '')}
          empty="UTC"
          choices={ZONES.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
          onChange={set('timezone')}
        />
      )}
      {max && <KeyField path={['limits']} guide={max} owner="limits" />}
      <SelectControl
        label={nameOfKey('one_per')}
        value={String(limits['one_per'] ?? '')}
        empty="No limit"
        choices={once.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={set('one_per')}
      />
      {contact && <KeyField path={['limits']} guide={contact} />}
    </>
  );
}

/** A day. A time with its zone stays a text. */
function MomentControl({ name, value, onChange }: { name: string; value: string; onChange: (value: string) => void }) {
  const { faults } = useEditor().model;
  const isDay = value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value);
  if (!isDay) return <TextControl label={nameOfKey(name)} help="A time with its zone, such as 2026-12-31T18:00+08:00." value={value} onCommit={onChange} />; // prettier-ignore
  const doubt = faults.value.find(({ text }) => text === value);
  const help = name !== 'closes' ? '' : doubt ? `${capitalize(doubt.message)}.` : 'The last day, until its end.';
  return (
    <Labelling label={nameOfKey(name)} help={help}>
      {(ids) => (
        <input
          type="date"
          id={ids.id}
          aria-describedby={ids.help}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelling>
  );
}

/** A time in days, such as `60 days`. */
function DaysControl({ path, name, help }: { path: Path; name: string; help?: string }) {
  const editor = useEditor();
  const value = String(valueIn(editor.form.value.data, [...path, name]) ?? '');
  const days = /^(\d+) days?$/.exec(value)?.[1];
  return (
    <TextControl
      label={`${nameOfKey(name)} (days)`}
      help={help}
      inputMode="numeric"
      value={days ?? value}
      onCommit={(text) => setKey(editor, path, name, text.trim() ? (/^\d+$/.test(text.trim()) ? `${Number(text)} ${Number(text) === 1 ? 'day' : 'days'}` : text) : undefined)} // prettier-ignore
    />
  );
}

function NotificationControls() {
  const { form, guide, run, member } = useEditor();
  const { data } = form.value;
  const list = listOf(mapOf(data)['notify']);
  const add = (key: string, value: string) =>
    run({ ...addTo(data, ['notify', list.length], { [key]: value }), select: [] });
  return (
    <>
      {list.map((one, at) => {
        const path: Path = ['notify', at];
        const isWebhook = mapOf(one)['webhook'] !== undefined;
        const shown = guide.notification.filter(({ key }) => (isWebhook ? key !== 'email' : !['webhook', 'secret_env'].includes(key)));
        return (
          <fieldset class="control nested" key={at}>
            <legend>
              {at + 1}. {isWebhook ? 'Webhook' : 'Email'}
            </legend>
            {shown.map((key) => (
              // Without an address, a webhook would become an email.
              <KeyField key={key.key} path={path} guide={key.key === 'webhook' ? { ...key, isRequired: true } : key} />
            ))}
            <button type="button" class="quiet" onClick={() => run({ changes: removalsOf(data, [path]), select: [] })}>
              <RemoveIcon /> Remove
            </button>
          </fieldset>
        );
      })}
      <div class="row">
        <button type="button" class="button" onClick={() => add('email', member)}>
          <AddIcon /> Email
        </button>
        <button type="button" class="button" onClick={() => add('webhook', STARTING_WEBHOOK)}>
          <AddIcon /> Webhook
        </button>
      </div>
    </>
  ); // prettier-ignore
}

function InviteControls() {
  const editor = useEditor();
  const { data } = editor.form.value;
  const invite = valueIn(data, ['invite']);
  const guide = editor.guide.form.find(({ key }) => key === 'invite');
  const questions = editor.questions.value.filter(({ kind, answers }) => kind === 'text' && !answers);
  if (guide?.control.kind !== 'map') return null;
  return (
    <>
      <TickControl
        label="Members can invite people by name"
        value={invite !== undefined}
        onChange={(isOn) => editor.model.change(['invite'], isOn ? { do: 'set', value: {} } : { do: 'remove' })}
      />
      {invite !== undefined &&
        guide.control.keys.map((one) =>
          ['name', 'email'].includes(one.key) ? (
            <SelectControl
              key={one.key}
              label={nameOfKey(one.key, 'invite')}
              value={String(mapOf(invite)[one.key] ?? '')}
              empty="–"
              choices={questions.map(({ id, title }) => ({ value: id, label: title }))}
              onChange={(id) => setKey(editor, ['invite'], one.key, id || undefined)}
            />
          ) : one.key === 'expires' ? (
            <DaysControl key={one.key} path={['invite']} name={one.key} help="Without a number, 14." />
          ) : (
            <KeyField key={one.key} path={['invite']} guide={one} owner="invite" />
          ),
        )}
    </>
  );
}
