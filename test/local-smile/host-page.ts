/** A page of another origin that opens the widget and keeps the callbacks that it gets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { CALLBACKS } from '../../src/smile/callbacks.ts';

/** The widget's reports to its page: each callback's name with its arguments, in order. */
export type Callbacks = [name: string, ...args: unknown[]][];

/** A page of some other origin that has a button, and the widget's script under a policy that allows nothing more. */
export async function startHostPage(smileOrigin: string) {
  const policy = `default-src 'none'; script-src 'self' ${smileOrigin}; connect-src ${smileOrigin}; frame-src 'self'`;
  const starter = `
    window.callbacks = [];
    window.openWidget = (options) => {
      for (const name of ${JSON.stringify(CALLBACKS)}) {
        options[name] = (...args) => window.callbacks.push([name, ...args.map((arg) => typeof arg === 'function' ? 'function' : arg)]);
      }
      window.widget = new SmileLinkModal(options);
      window.widget.open();
    };`;
  const html = `<!doctype html><html lang="en"><title>Host page</title><script src="${smileOrigin}/v2/smile.v2.js"></script>
    <script src="/starter.js"></script><main><h1>Host page</h1><button id="opener">Open</button></main></html>`;
  const server = createServer((request, response) => {
    const script = request.url === '/starter.js';
    response.writeHead(200, {
      'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'access-control-allow-origin': '*',
    });
    const sandboxed = `<!doctype html><title>Frame</title><iframe sandbox="allow-scripts allow-forms" src="/" title="Frame"></iframe>`;
    response.end(script ? starter : request.url === '/sandboxed' ? sandboxed : html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    /** Loads the page and opens the widget on it, from its button. */
    async open(page: Page, options: Record<string, unknown>) {
      await page.goto(origin);
      await page.focus('#opener');
      await openWidget(page, options);
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function openWidget(page: Page, options: Record<string, unknown>) {
  await page.evaluate((given) => (window as unknown as HostWindow).openWidget(given), options);
}

export async function callbacksOf(page: Page): Promise<Callbacks> {
  return page.evaluate(() => (window as unknown as HostWindow).callbacks);
}

/** The same in short: names of screens for `onUIEvent`, and of callbacks for the rest. */
export async function callbackNames(page: Page): Promise<string[]> {
  return (await callbacksOf(page)).map(([name, first]) =>
    name === 'onUIEvent' ? (first as { eventName: string }).eventName : name,
  );
}

interface HostWindow {
  callbacks: Callbacks;
  openWidget(options: Record<string, unknown>): void;
}
