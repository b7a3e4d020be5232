/** The logo of the form: a file that a person uploads, or the name of one in the folder of forms. */
import { useState } from 'preact/hooks';
import { LOGO_DATA } from '../../form/settings/logo-name.ts';
import { RemoveIcon } from '../outline/icons.tsx';
import { Labelling } from './controls.tsx';
import { logoOfFile } from './logo-file.ts';
import { nameOfKey } from './words.ts';

/** @param value the logo as the text has it. Empty without one */
export function LogoControl({ value, onChange }: { value: string; onChange: (logo: string) => void }) {
  const [problem, setProblem] = useState<string>();
  const isUploaded = LOGO_DATA.test(value);
  const change = (logo: string) => {
    setProblem(undefined);
    onChange(logo);
  };
  async function upload(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) return;
    const made = await logoOfFile(file);
    input.value = '';
    if ('problem' in made) setProblem(made.problem);
    else change(made.logo);
  }
  return (
    <>
      <Labelling
        label={value ? 'Another logo' : nameOfKey('logo', 'brand')}
        help="An SVG, PNG, JPEG or WebP file. People see it above every screen."
      >
        {(ids) => (
          <>
            <input
              type="file"
              id={ids.id}
              accept=".svg,.png,.jpg,.jpeg,.webp"
              aria-describedby={[ids.help, problem && `${ids.id}-error`].filter(Boolean).join(' ')}
              aria-invalid={problem ? true : undefined}
              onChange={(event) => void upload(event.currentTarget)}
            />
            {problem && (
              <small class="bad" id={`${ids.id}-error`} role="alert">
                {problem}
              </small>
            )}
          </>
        )}
      </Labelling>
      {value && (
        <div class="between logo">
          {isUploaded ? <img src={value} alt="The logo of this form" /> : <p>The logo is the file <bdi>{value}</bdi> in the folder of forms on the server.</p>}
          <button type="button" class="quiet" onClick={() => change('')}>
            <RemoveIcon /> Remove the logo
          </button>
        </div>
      )}
    </>
  ); // prettier-ignore
}
