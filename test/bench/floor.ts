/** The reference form as a careful person writes it by hand, in one file without a framework, to compare ours with. */
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { minify } from 'rolldown/utils';

export interface Floor {
  address: string;
  html: string;
  stop(): Promise<void>;
}

/** Serves it on a free port of loopback, compressed ahead of time, and takes its answers. */
export async function startFloor(): Promise<Floor> {
  const html = await small(readFileSync(new URL('floor.html', import.meta.url), 'utf8'));
  const body = brotliCompressSync(html);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-encoding': 'br',
    'content-length': body.length,
    'cache-control': 'no-cache',
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.writeHead(200, headers).end(body);
    else request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    html,
    async stop() {
      const stopped = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await stopped;
    },
  };
}

/** The page as one would publish it: script and styles minified, nothing between its elements. */
async function small(page: string): Promise<string> {
  const [, styles = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  const css = styles
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]|:(?= )) ?/g, '$1')
    .replaceAll(';}', '}');
  const js = await minify('floor.js', script, { module: true });
  return page
    .replace(/\s*\n\s*/g, '')
    .replace(/<style>.*<\/style>/, () => `<style>${css.trim()}</style>`)
    .replace(/<script>.*<\/script>/, () => `<script>${js.code.trim()}</script>`);
}
