import type { IncomingMessage } from 'node:http';
import { serve } from '@hono/node-server';
import { createLocalSmile, defaultKeys } from './local-smile.ts';
import { people } from './invented/people.ts';
import { isLoopback } from './http/requests.ts';

const DEFAULT_PORT = 8010;

const port = Number(process.env.SMILE_PORT ?? DEFAULT_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`SMILE_PORT must be a port number from 0 to 65535. Example: SMILE_PORT=${DEFAULT_PORT}`);
  process.exit(1);
}

const fromEnvironment = environmentKeys();
const keys = fromEnvironment ?? defaultKeys;
let address = '';
const smile = createLocalSmile({ origin: () => address, ...keys, controlApi: true });

const server = serve(
  {
    fetch: (request, env) => {
      const { socket, httpVersion } = env.incoming as IncomingMessage;
      const { remoteAddress = '' } = socket;
      return smile.fetch(request, { remoteAddress, httpVersion, hangUp: () => socket.destroy() });
    },
    hostname: '127.0.0.1',
    port,
  },
  (info) => {
    address = `http://127.0.0.1:${info.port}`;
    const secret = fromEnvironment ? 'the API_SECRET of your environment' : keys.apiSecret;
    console.log(`Local Smile, a stand-in for Smile's sandbox. It forgets all data when it stops.

  REST API        ${address}/v1
  API key         ${keys.apiKey}
  API secret      ${secret}
  Widget script   ${address}/v2/smile.v2.js
  Control routes  ${address}/__local
  Try it          ${address}

  Test people     user name    password   code
${people.map(({ userName, password, code }) => `                  ${userName.padEnd(13)}${password.padEnd(11)}${code}`).join('\n')}
`);
  },
);

server.on('error', (error: NodeJS.ErrnoException) => {
  const isPortInUse = error.code === 'EADDRINUSE';
  console.error(isPortInUse ? `Port ${port} is in use. Set SMILE_PORT to another port.` : error.message);
  process.exit(1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    void smile.close().then(() => process.exit(0));
  });
}

/** The keys of the environment, unless they are for the real Smile. Those are never used or printed here. */
function environmentKeys() {
  const { API_KEY: apiKey, API_SECRET: apiSecret, OPEN_API_HOST: host } = process.env;
  const isLocalHost = host === undefined || isLoopback(URL.parse(host)?.hostname ?? '');
  return apiKey && apiSecret && isLocalHost ? { apiKey, apiSecret } : undefined;
}
