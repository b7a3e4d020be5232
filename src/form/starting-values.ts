/** Values that Flipsite puts into a form until its author enters real ones. */

/** The company name of each template. */
export const STARTING_COMPANY_NAME = 'Your company';
/** The options of a new question. */
export const STARTING_OPTIONS: readonly string[] = ['Option 1', 'Option 2'];
/** The address of a new webhook. */
export const STARTING_WEBHOOK = 'https://example.com/hooks/flipsite';
