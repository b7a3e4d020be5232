/** A setup of a site that the doctor checks, without its places. */
import { isSetting } from '../../src/environment/environment.ts';

export const checked = {
  node: '26.10.0',
  postgres: false,
  secretKey: 'SECRET_KEY',
  smile: undefined,
  outgoing: true,
  webhookSecret: true,
  publicUrl: undefined,
  bucket: undefined,
  smtpUrl: undefined,
  // Has none.
  formsDir: import.meta.dirname,
  secret: () => undefined,
  isSetting,
  exposed: {
    host: '127.0.0.1',
    port: 8000,
    rateLimit: true,
    setupCode: undefined,
    integratorApiKey: undefined,
    metricsKey: undefined,
    keys: { current: undefined, former: [] },
    envFile: 'no-such-file',
  },
};
