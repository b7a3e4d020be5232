/** The script with which other websites show forms. */
import type { APIRoute } from 'astro';
import { embedScript } from 'virtual:browser';

export const prerender = true;
export const GET: APIRoute = () => new Response(embedScript, { headers: { 'content-type': 'text/javascript' } });
