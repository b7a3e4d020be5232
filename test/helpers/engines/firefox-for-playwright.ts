#!/usr/bin/env node
/**
 * A stock Firefox, as Playwright expects one. Playwright drives it through WebDriver BiDi
 * (https://w3c.github.io/webdriver-bidi/), and sends a command that Firefox ESR does not know before each page. This program
 * is between both: it passes every message on, and answers that command itself.
 */
import { spawn } from 'node:child_process';
import { WebSocket, WebSocketServer } from 'ws';
import { findFirefox } from './installed.ts';

/** Sets the color scheme, which the tests here leave as it is. */
const UNKNOWN = 'emulation.setMediaFeaturesOverride';

// Each window fills the screen, because a click beside the window is lost, however large the page in it is.
const firefox = spawn(findFirefox() ?? 'firefox', ['--kiosk', ...process.argv.slice(2)], {
  stdio: ['ignore', 'ignore', 'pipe'],
  // In pixels, and larger than the page of each test.
  env: { ...process.env, MOZ_HEADLESS_WIDTH: '1600', MOZ_HEADLESS_HEIGHT: '1600' },
});
firefox.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => firefox.kill(signal));

firefox.stderr.setEncoding('utf8').on('data', (text: string) => {
  const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(text) ?? [];
  if (address) serve(address);
  else process.stderr.write(text);
});

function serve(firefoxAddress: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('listening', () => {
    const { port } = server.address() as { port: number };
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${port}\n`);
  });
  server.on('connection', (playwright) => {
    const behind = new WebSocket(`${firefoxAddress}/session`, { perMessageDeflate: false });
    const opened = new Promise((done) => behind.once('open', done));
    playwright.on('message', async (message) => {
      const text = String(message);
      await opened;
      if (text.includes(`"${UNKNOWN}"`)) {
        const { id } = JSON.parse(text) as { id: number };
        playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      } else behind.send(text);
    });
    behind.on('message', (message) => playwright.send(String(message)));
    behind.on('close', () => playwright.close());
    playwright.on('close', () => behind.close());
  });
}
