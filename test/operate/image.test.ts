/**
 * The image, run as `compose.yaml` says. It needs an engine for containers and an image that is built, so it runs only where
 * `CONTAINER` and `IMAGE` name them: CONTAINER=docker IMAGE=flipsite:0.1.0 npx vitest run test/operate/image.test.ts
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { notChecked } from '../helpers/openapi/openapi.ts';
import { root } from '../helpers/site.ts';
import { afterwards, temporaryFolder } from '../helpers/database.ts';

const { CONTAINER, IMAGE } = process.env;
const KEY = 'a-key-of-twenty-characters';

interface Service {
  init: boolean;
  read_only: boolean;
  tmpfs: string[];
  cap_drop: string[];
  security_opt: string[];
  volumes: string[];
}

/** The options of `docker run` that are the same as those of the service. */
function optionsOf(service: Service, folder: string, data: string): string[] {
  const place = (volume: string) => volume.replace(/^\./, folder).replace(/^data:/, `${data}:`);
  return [
    ...(service.init ? ['--init'] : []),
    ...(service.read_only ? ['--read-only'] : []),
    ...service.tmpfs.flatMap((path) => ['--tmpfs', path]),
    ...service.cap_drop.flatMap((name) => ['--cap-drop', name]),
    ...service.security_opt.flatMap((option) => ['--security-opt', option.replace(/:true$/, '')]),
    ...service.volumes.flatMap((volume) => ['--volume', place(volume)]),
    ...['--env-file', join(folder, '.env'), '--publish', '127.0.0.1::8000'],
  ];
}

function openEngine(command: string) {
  const [program = '', ...first] = command.split(' ');
  return (...args: string[]) => execFileSync(program, [...first, ...args], { encoding: 'utf8' }).trim();
}

async function untilReady(origin: string): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await fetch(`${origin}/readyz`).then(({ ok }) => ok, () => false)) return; // prettier-ignore
    await wait(100);
  }
  throw new Error(`${origin} did not answer.`);
}

describe('the image', () => {
  if (!CONTAINER || !IMAGE) return notChecked('the image', 'CONTAINER and IMAGE name no engine and no image');
  const engine = openEngine(CONTAINER);

  it('serves a form as a normal user who can write only to the data, which survives a stop and a crash', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'forms'));
    copyFileSync(join(root, 'src/form/templates/contact.yaml'), join(folder, 'forms', 'contact.yaml'));
    writeFileSync(join(folder, '.env'), `INTEGRATOR_API_KEY=${KEY}\n`);
    const compose = parse(readFileSync(join(root, 'docs/operate/deploy/compose.yaml'), 'utf8')) as { services: { flipsite: Service } }; // prettier-ignore
    const data = `flipsite-test-${process.pid}`;
    const id = engine('run', '--detach', ...optionsOf(compose.services.flipsite, folder, data), IMAGE);
    afterwards(() => {
      engine('rm', '--force', '--volumes', id);
      engine('volume', 'rm', '--force', data);
    });
    // A port of the engine's choice, which may change with each start.
    const originNow = () => `http://${engine('port', id, '8000').split('\n')[0]}`;

    let origin = originNow();
    await untilReady(origin);
    expect(await (await fetch(`${origin}/contact`)).text()).toContain('How can we help?');
    expect(engine('exec', id, 'id', '-u')).toBe('1000');
    const write = (path: string) =>
      engine('exec', id, 'sh', '-c', `touch ${path}/new 2>/dev/null && echo yes || echo no`);
    expect(['/flipsite', '/site', '/site/forms', '/etc', '/site/data'].map(write)).toEqual(['no', 'no', 'no', 'no', 'yes']); // prettier-ignore

    const json = (method: string, body: object, token = '') => ({
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const started = await fetch(`${origin}/api/forms/contact/submissions`, json('POST', {}));
    const submission = (await started.json()) as { id: string; token: string };
    const answers = { topic: 'data', message: 'Hello' };
    const saved = await fetch(
      `${origin}/api/submissions/${submission.id}/answers`,
      json('PUT', { screen: 'question', answers }, submission.token),
    );
    expect(saved.status).toBe(200);

    const answersNow = async () => {
      origin = originNow();
      await untilReady(origin);
      const read = await fetch(`${origin}/api/submissions/${submission.id}`, { headers: { authorization: `Bearer ${KEY}` } }); // prettier-ignore
      return ((await read.json()) as { answers: unknown }).answers;
    };
    engine('stop', id);
    expect(engine('inspect', '--format', '{{.State.ExitCode}}', id)).toBe('0');
    engine('start', id);
    expect(await answersNow()).toEqual(answers);
    engine('kill', '--signal', 'KILL', id);
    engine('start', id);
    expect(await answersNow()).toEqual(answers);
    expect(engine('exec', id, 'flipsite', 'doctor')).toContain('is intact');
  }, 120_000);
});
