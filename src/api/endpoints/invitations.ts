/** The endpoints that the page of an invitation calls. The token comes in a header, never in an address. */
import { visitorDevice } from '../../links/visitor-class.ts';
import type { Result } from '../../respond/errors/api-error.ts';
import { startInvited, openInvitation } from '../../respond/invited.ts';
import { bearerOf } from '../body.ts';
import { failIfWaiting, readLargeFor } from '../bounds/limit-requests.ts';
import type { Rates } from '../bounds/rates.ts';
import { accessCookie } from '../html/password.ts';
import { invitedSubmissionAnswer, openedInvitationAnswer } from '../answers/respondents.ts';
import { defineEndpoint } from './endpoint.ts';

/** Counts a wrong token. @throws ApiException where too many came from the address */
function limitWrongToken(outcome: Result<unknown>, rates: Rates | undefined, address: () => string): void {
  if (rates && !outcome.ok && outcome.error.code === 'unknown_invitation')
    failIfWaiting(rates.guess(address()), 'address');
}

export const invitationEndpoints = [
  defineEndpoint({
    name: 'openInvitation',
    method: 'POST',
    path: '/api/invitations/:id/open',
    summary: 'Returns the status of an invitation, and records that its link was opened.',
    access: 'invitation',
    limits: ['address'],
    answer: openedInvitationAnswer,
    async handle({ services, rates, c, address, param }) {
      const opened = await openInvitation(services, param('id'), bearerOf(c), readLargeFor(rates, address));
      limitWrongToken(opened, rates, address);
      return opened;
    },
  }),
  defineEndpoint({
    name: 'startInvited',
    method: 'POST',
    path: '/api/invitations/:id/begin',
    summary: 'Starts the submission of an invitation, or returns the one that was started.',
    access: 'invitation',
    limits: ['address'],
    answer: invitedSubmissionAnswer,
    async handle(call) {
      const { services, rates, c, address, param } = call;
      const begun = await startInvited(
        services,
        param('id'),
        bearerOf(c),
        visitorDevice({ header: (name) => c.req.header(name) }),
        readLargeFor(rates, address),
      );
      limitWrongToken(begun, rates, address);
      const form = begun.ok && services.catalog.current(begun.body.form)?.form;
      // The invitation takes the place of the form's password, which the person may not have.
      return form && form.password ? { ...begun, headers: { 'set-cookie': accessCookie(call, form) } } : begun;
    },
  }),
];
