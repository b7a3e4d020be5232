/** The scripts that are no part of a page: each under an address that changes with its text. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { chunks } from 'virtual:browser';
import { editorFiles } from 'virtual:editor';

export const prerender = true;
export const getStaticPaths: GetStaticPaths = () =>
  [...Object.values(chunks).flatMap((own) => Object.values(own)), ...editorFiles].map(({ path, text }) => ({
    params: { name: path.replace(/^.*\/|\.js$/g, '') },
    props: { text },
  }));
export const GET: APIRoute = ({ props }) =>
  new Response(String(props['text']), { headers: { 'content-type': 'text/javascript' } });
