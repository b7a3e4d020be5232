/** The script of a poster: prints the page. Without it, a sentence says how. */
import type { APIRoute } from 'astro';

const script = `
const button = document.getElementById('print');
button.hidden = false;
document.getElementById('how-to-print').hidden = true;
button.addEventListener('click', () => print());
`;

export const prerender = true;
export const GET: APIRoute = () => new Response(script, { headers: { 'content-type': 'text/javascript' } });
