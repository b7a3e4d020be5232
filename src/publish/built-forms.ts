/** The forms in the folder at build time. */
import { readForms } from '../form/folder.ts';
import { versionOf } from '../form/version.ts';
import type { FormView } from './views.ts';

/**
 * Every valid form in every language, and in its first language under the bare slug. Forms with a password are left
 * out, since a static host shows pages to everyone. Examples are left out too.
 */
export function builtForms(
  env: Record<string, string | undefined>,
): { path: { slug: string; language: string | undefined }; view: FormView }[] {
  const site = {
    api: env['API_ORIGIN'] ?? '',
    base: '',
    scripts: {
      v2: env['WINK_SCRIPT_V2'] ?? 'https://web.smileapi.io/v2/smile.v2.js',
      v1: env['WINK_SCRIPT_V1'] ?? 'https://web.smileapi.io/v1/smile.v1.js',
    },
  };
  return readForms(env['FORMS_DIR'] ?? 'forms', new Date()).flatMap(({ slug, parsed }) => {
    if (!parsed.ok) return [];
    const { form } = parsed;
    if (form.password) {
      console.log(`${slug} has a password, so it is not in the built pages. Only the server can ask for the password.`);
      return [];
    }
    if (form.example) {
      console.log(`${slug} is an example, so it is not in the built pages.`);
      return [];
    }
    return [undefined, ...form.languages].map((language) => ({
      path: { slug, language },
      view: {
        kind: 'form' as const,
        form,
        version: versionOf(form),
        language: language ?? form.languages[0],
        site,
      },
    }));
  });
}
