/** The parts of the respondent's script, each under an address that changes with its text. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { chunks } from 'virtual:browser';

export const prerender = true;
export const getStaticPaths: GetStaticPaths = () =>
  Object.values(chunks).flatMap((own) =>
    Object.values(own).map(({ path, text }) => ({
      params: { name: path.replace(/^.*\/|\.js$/g, '') },
      props: { text },
    })),
  );
export const GET: APIRoute = ({ props }) =>
  new Response(String(props['text']), { headers: { 'content-type': 'text/javascript' } });
