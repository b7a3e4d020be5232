/** A form that takes each email address once. */

/** Its screen and its ending, for the end of a form. */
export const ONCE_SCREEN = `
  - id: mail
    title: Your email
    fields:
      - { id: email, type: email, label: Email, required: true }
endings:
  - { id: done, title: Thank you }
`;

export const ONCE = `
title: Once
screens:${ONCE_SCREEN}
limits: { one_per: email }
`;
