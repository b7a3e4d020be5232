/** The logos of the forms in the folder, for a static host. The server has them from its store. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { builtForms } from '../../publish/built-forms.ts';
import { logoOf, type Logo } from '../../publish/logo.ts';

export const prerender = true;
export const getStaticPaths: GetStaticPaths = () => {
  const logos = builtForms(process.env).flatMap(({ view }) => logoOf(view.form) ?? []);
  const each = new Map(logos.map((logo) => [logo.path.replace(/^.*\//, ''), logo]));
  return [...each].map(([name, logo]) => ({ params: { logo: name }, props: { logo } }));
};
export const GET: APIRoute = ({ props }) => {
  const { bytes, type } = props['logo'] as Logo;
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } });
};
