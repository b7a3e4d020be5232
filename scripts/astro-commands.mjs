/* `astro dev` and `astro preview`, for people who know Astro. Flipsite has a server of its own, which serves the API and the
   dashboard too. So these commands run the commands of npm that start it. */
import { spawn } from 'node:child_process';

const COMMANDS = { dev: ['run', 'dev'], preview: ['start'] };
/** Astro's port where no other one is asked for. */
const ASTRO_PORT = 4321;

/** @type {import('astro').AstroIntegration} */
export const astroCommands = {
  name: 'flipsite-astro-commands',
  hooks: {
    'astro:config:setup': ({ command, config }) => {
      const args = COMMANDS[command];
      return args && run(command, args, config.server.port === ASTRO_PORT ? undefined : config.server.port);
    },
  },
};

/** Never resolves: this process ends with the command. */
function run(command, args, port) {
  console.log(`astro ${command} runs npm ${args.join(' ')}, because Flipsite has a server of its own.`);
  const env = port === undefined ? process.env : { ...process.env, APP_PORT: String(port) };
  const child = spawn('npm', args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  // The terminal sends its signals to the child as well. A service sends them only here.
  for (const signal of ['SIGTERM', 'SIGINT']) process.prependListener(signal, () => child.kill(signal));
  // Astro listens to them too, and may end this process first.
  process.once('exit', () => child.kill());
  return new Promise(() => child.on('exit', (code) => process.exit(code ?? 1)));
}
