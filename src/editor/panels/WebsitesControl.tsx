/** The websites that may show the form: a list with a field for one more. */
import { useState } from 'preact/hooks';
import { valueIn } from '../../form/edit/value.ts';
import { readWebsite } from '../../form/settings/website.ts';
import { useEditor } from '../context.tsx';
import { listOf } from '../form-data.ts';
import { AddIcon, RemoveIcon } from '../outline/icons.tsx';
import { TextControl, unadded } from './controls.tsx';
import { setKey } from './set-key.ts';
import { TextCard } from './TextCard.tsx';
import { nameOfKey } from './words.ts';

const PATH = ['embed', 'allow'] as const;

export function WebsitesControl() {
  const editor = useEditor();
  const { data } = editor.form.value;
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const written = valueIn(data, PATH);
  const isList = Array.isArray(written) && written.every((one) => typeof one === 'string');
  if (!isList && valueIn(data, ['embed']) !== undefined)
    return <TextCard path={['embed']} label={nameOfKey('embed')} />;
  const websites = listOf(written).map(String);
  const set = (next: string[]) => setKey(editor, ['embed'], 'allow', next.length ? next : undefined);

  function add(): void {
    const read = readWebsite(typed);
    setProblem('problem' in read ? read.problem : undefined);
    if ('problem' in read) return;
    if (websites.includes(read.website) || set([...websites, read.website])) setTyped('');
  }
  return (
    <>
      <p class="dim">
        {websites.length
          ? 'These websites can show the form in their pages. The code for them is under Share.'
          : 'No website can show the form in its pages yet. Add yours here, then copy the code for it under Share.'}
      </p>
      <ul class="websites">
        {websites.map((website, at) => (
          <li class="between" key={website}>
            <bdi>{website}</bdi>
            <button
              type="button"
              class="quiet"
              aria-label={`Remove ${website}`}
              onClick={() => set(websites.toSpliced(at, 1))}
            >
              <RemoveIcon /> Remove
            </button>
          </li>
        ))}
      </ul>
      <div class="row add-one" data-unadded={unadded(typed)} onKeyDown={(event) => event.key === 'Enter' && add()}>
        <TextControl
          label="Add a website"
          inputMode="url"
          placeholder="https://www.example.com"
          value={typed}
          isState
          error={problem}
          onType={setTyped}
        />
        <button type="button" class="button" onClick={add}>
          <AddIcon /> Add
        </button>
      </div>
    </>
  );
}
