/** Remembers in this tab that the page of an invitation began a submission, so that its form does not ask about it. */
const NAME = 'flipsite:invited';

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
