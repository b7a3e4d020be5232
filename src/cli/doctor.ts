/** `npm run doctor`: checks the setup and reports problems. The exit status is 1 if one of them stops the site. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { readEnvFile } from '../environment/env-file.ts';
import { formSecret, isSetting, VARIABLES } from '../environment/environment.ts';
import { checkSetup } from '../operate/doctor.ts';
import { findMisspelledSettings } from '../operate/misspelled-settings.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { lostKey, secretKeyOf } from '../secret-key.ts';
import { npmCommand } from './npm-command.ts';
import { onSite } from './on-site.ts';

await npmCommand('doctor', 'Checks your setup and reports problems.')
  .action(() => onSite(reportFindings, { afterCutOffRestore: true }))
  .parseAsync();

async function reportFindings(config: Config): Promise<void> {
  const generated = join(config.dataDir, 'secret.key');
  const place = config.secretKey ? 'SECRET_KEY' : existsSync(generated) ? generated : undefined;
  const loaded = place === undefined ? undefined : secretKeyOf(config);
  const findings = await checkSetup({
    node: process.versions.node,
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    postgres: isPostgresUrl(config.databaseUrl),
    secretKey: place,
    lostSecretKey: config.lostSecretKey,
    lostKey: lostKey(config) ?? (loaded?.ok === false ? loaded.fault : undefined),
    smile: config.smile,
    outgoing: config.outgoing,
    webhookSecret: config.webhookSecret !== undefined,
    publicUrl: config.publicUrl,
    bucket: config.bucket,
    smtpUrl: config.mail?.url,
    formsDir: config.formsDir,
    secret: (name) => formSecret(name, process.env),
    isSetting,
    exposed: {
      host: config.host,
      port: config.port,
      rateLimit: config.rateLimit,
      setupCode: config.setupCode,
      integratorApiKey: config.integratorApiKey,
      metricsKey: config.metricsKey,
      keys: { current: place && loaded?.ok ? { place, key: loaded.key } : undefined, former: config.formerSecretKeys },
      envFile: '.env',
    },
  });
  for (const message of findMisspelledSettings(readEnvFile(), VARIABLES)) findings.push({ level: 'note', message });
  const labels = { ok: 'ok   ', note: 'note ', error: 'ERROR' };
  console.log(findings.map(({ level, message }) => `${labels[level]}  ${message}`).join('\n'));
  if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
}
