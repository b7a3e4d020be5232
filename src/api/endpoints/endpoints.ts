/** All endpoints of the API. */
import type { Endpoint } from './endpoint.ts';
import { fileEndpoints } from './files.ts';
import { integratorEndpoints } from './integrators.ts';
import { invitationEndpoints } from './invitations.ts';
import { linkEndpoints } from './links.ts';
import { openApiEndpoint } from './openapi.ts';
import { respondentEndpoints } from './respondents.ts';
import { resultEndpoints } from './results.ts';
import { sourceEndpoints } from './sources.ts';
import { webhookEndpoints } from './webhooks.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  ...respondentEndpoints,
  ...fileEndpoints,
  ...invitationEndpoints,
  ...integratorEndpoints,
  ...resultEndpoints,
  ...sourceEndpoints,
  ...linkEndpoints,
  ...webhookEndpoints,
  openApiEndpoint(() => ENDPOINTS),
];
