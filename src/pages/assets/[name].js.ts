/** The script of Wink screens, under an address that changes with its text. */
import type { APIRoute } from 'astro';
import { winkModule } from 'virtual:browser';

export const prerender = true;
export const getStaticPaths = () => [{ params: { name: winkModule.path.replace(/^.*\/|\.js$/g, '') } }];
export const GET: APIRoute = () => new Response(winkModule.text, { headers: { 'content-type': 'text/javascript' } });
