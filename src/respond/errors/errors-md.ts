/** The table of error codes as Markdown, and `docs/integrate/errors.md`, which has it. */
import { ERROR_CODES } from './error-codes.ts';

/** @returns the codes, each with its status, meaning and remedy */
export const errorTable = (): string =>
  [
    '| Status | Code | Meaning | What to do |',
    '| --- | --- | --- | --- |',
    ...Object.entries(ERROR_CODES).map(([code, { status, meaning, remedy }]) => `| ${status} | \`${code}\` | ${meaning} | ${remedy} |`), // prettier-ignore
  ].join('\n');

/** @returns the document as Markdown, not yet formatted */
export function errorsDocument(): string {
  return `# Handle errors

<!-- npm run docs generates this page from src/respond/errors/error-codes.ts. Change that file and run the command again. -->

This page is for authors of programs and pages that use the [API](api.md). It helps you decide what your program does after an error.

Every error has one shape:

\`\`\`json
{ "error": { "code": "unknown_form", "message": "There is no form with this slug." } }
\`\`\`

1. Decide by \`code\`. Codes stay the same between versions, and new codes can appear.
2. If your program does not know the code, decide by the status.
3. Show \`message\` to developers. Show the sentences in \`fields\` to the person who fills in the form.
4. Retry an unchanged request only after 408, 429, 500, 502, 503 and 504, and after \`unknown_version\`. Send the same \`Idempotency-Key\` again, so that nothing is stored twice.

An error can have these further keys:

| Key | Content |
| --- | --- |
| \`fields\` | a sentence for each field that has a problem, by the id of the field |
| \`screen\` | the id of the screen that has the problem |
| \`next\` | where the person can continue: \`{ "screen": … }\` or \`{ "ending": … }\` |
| \`reference\`, \`submittedAt\` | the reference and time of a submission that was submitted before |
| \`errors\` | each error in the text of a form, with its \`line\`, \`column\`, \`message\` and often a \`fix\` |
| \`requestId\` | the id of the request, such as of a \`server_error\`. The log of the server has it too. If many requests fail for one reason, it has only some of them |

The header \`Retry-After\` has a number of seconds. Every 429 and 503 has it.

## Codes

${errorTable()}

A cause never appears in an error. It is only in the log of the server.
`;
}
