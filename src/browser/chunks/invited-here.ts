/** Remembers in this tab that the page of an invitation began a submission, so that its form does not ask about it. */
// Two colons: the state of a form is under one colon and its slug.
const NAME = 'flipsite:invitation:begun';

export function keepInvited(id = ''): void {
  try {
    sessionStorage.setItem(NAME, id);
  } catch {
    // Without storage, the form asks.
  }
}

export function isInvitedHere(id: string): boolean {
  try {
    return sessionStorage.getItem(NAME) === id;
  } catch {
    return false;
  }
}
