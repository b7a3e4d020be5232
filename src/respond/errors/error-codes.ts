/** Every code that an error of the API can have. `docs/integrate/errors.md` is generated from this table. */

interface ErrorCodeEntry {
  /** The status of the answer. */
  status: number;
  /** The event, as sentences for the author of a client. */
  meaning: string;
  /** The action of the client, as sentences that begin with a verb. */
  remedy: string;
}

export const ERROR_CODES = {
  invalid_request: {
    status: 400,
    meaning: 'The path, the query, a header or the body is not valid. `message` names the first problem.',
    remedy: 'Fix the request. The same request fails again.',
  },
  unauthorized: {
    status: 401,
    meaning: 'The request has no key or token, or the API key is wrong. For a webhook, its signature is wrong.',
    remedy: 'Send `Authorization: Bearer …` with the right key. For a webhook, check the secret.',
  },
  password_required: {
    status: 401,
    meaning: 'The form has a password, and the browser has not entered it.',
    remedy: 'Open the page of the form again and enter the password.',
  },
  forbidden_origin: {
    status: 403,
    meaning: 'A browser posted the form from a page of another origin.',
    remedy:
      'Post from the page of the form. If it was posted there, set `PUBLIC_ORIGIN` to the address that people open. For pages on another host, add their origin to `PAGE_ORIGINS`.',
  },
  form_not_open: {
    status: 403,
    meaning: 'The form is not open yet. `message` has the date in the language of the person.',
    remedy: 'Show `message`. Try again after that date.',
  },
  form_closed: {
    status: 403,
    meaning: 'The form is closed. `message` says so in the language of the person, with the date where it is known.',
    remedy: 'Show `message`. Do not retry.',
  },
  form_full: {
    status: 403,
    meaning: 'The form has all the submissions that its `limits.max` allows.',
    remedy: 'Show `message`. Do not retry.',
  },
  not_found: {
    status: 404,
    meaning: 'The API has no route at this address.',
    remedy: 'Check the path.',
  },
  unknown_form: {
    status: 404,
    meaning: 'There is no published form with this slug.',
    remedy: 'Check the slug. `GET /api/forms` lists all of them.',
  },
  unknown_link: {
    status: 404,
    meaning: 'The form has no campaign link with this id.',
    remedy: 'Check the id. `GET /api/forms/{slug}/links` lists all of them.',
  },
  unknown_submission: {
    status: 404,
    meaning:
      'The submission does not exist, or the token is wrong or has expired. For its token, a deleted submission does not exist.',
    remedy: 'Check the id and the token. A page starts a new submission.',
  },
  unknown_file: {
    status: 404,
    meaning:
      'The submission has no such file, or the person removed it. For its token, a submission that was submitted has no files.',
    remedy: 'Read the list of files again.',
  },
  unknown_account: {
    status: 404,
    meaning: 'This submission has no such work account.',
    remedy: 'Read the list of accounts again.',
  },
  unknown_invitation: {
    status: 404,
    meaning: 'The invitation does not exist, or the token is wrong.',
    remedy: 'Check that the link is complete.',
  },
  method_not_allowed: {
    status: 405,
    meaning: 'The address does not accept this method.',
    remedy: 'Use a method that the `Allow` header lists.',
  },
  too_slow: {
    status: 408,
    meaning:
      'The body of the request arrives more slowly than a phone on a slow network sends it. Flipsite closes the connection.',
    remedy: 'Retry the request on a new connection.',
  },
  not_on_journey: {
    status: 409,
    meaning: 'The saved answers do not lead to this screen. `message` says so in the language of the person.',
    remedy: 'Show `message`. Continue at the screen or ending in `next`.',
  },
  already_submitted: {
    status: 409,
    meaning: 'The submission was submitted before, perhaps on another device.',
    remedy: 'Do not retry. Show the `reference` and `submittedAt` of the error, where it has them.',
  },
  answers_changed: {
    status: 409,
    meaning:
      'Another device has saved answers that this client has not read. `message` says so in the language of the person.',
    remedy: 'Read the answers again, show them with `message`, and submit with their `revision`.',
  },
  form_changed: {
    status: 409,
    meaning: 'The `version` of the start was replaced more than a day ago.',
    remedy: 'Load the form again and start with the current version.',
  },
  unknown_version: {
    status: 409,
    meaning: 'The server does not have the `version` of the start, for example because a static host has newer pages.',
    remedy: 'Publish the form on the server, then send the request again. Or start without a version.',
  },
  owned_by_files: {
    status: 409,
    meaning: 'The form is managed in a file, so the API cannot change it.',
    remedy: 'Change the file. Or choose Edit here instead in the dashboard, then send the text again.',
  },
  link_in_text: {
    status: 409,
    meaning: 'The campaign link is in the text of the form, so only a new version of the form changes it.',
    remedy: 'Change the key `links` of the form, and publish it.',
  },
  form_removed: {
    status: 410,
    meaning: 'The form was removed and accepts no new submissions.',
    remedy: 'Do not retry. Submissions that have started can still be finished.',
  },
  invitation_over: {
    status: 410,
    meaning: 'The invitation has expired, or was withdrawn or deleted.',
    remedy: 'Ask the sender for a new invitation.',
  },
  precondition_failed: {
    status: 412,
    meaning: 'The form is not the one that `If-Match` or `If-None-Match` names: it was published or created meanwhile.',
    remedy: 'Read the source of the form again, apply your change to it, and send it with the new `ETag`.',
  },
  too_large: {
    status: 413,
    meaning: 'The body, the file, or all files or answers of the submission together are too large.',
    remedy: 'Send less. [Limits](../operate/limits.md) lists the sizes.',
  },
  unsupported_type: {
    status: 415,
    meaning: 'The `Content-Type` is wrong, or the field does not accept this type of file.',
    remedy: 'Send JSON as `application/json`, or a file of a type that the field accepts.',
  },
  invalid_answers: {
    status: 422,
    meaning: 'Some answers are not valid. `fields` has one sentence for each, in the language of the person.',
    remedy: 'Show the sentences at their fields. Save again with other answers.',
  },
  too_many_files: {
    status: 422,
    meaning:
      'The field accepts no more files. Or the submission has had as many files as [limits](../operate/limits.md#files-and-storage) allow, removed ones too.',
    remedy: 'Show the sentence in `fields`. If the field is full, remove a file first.',
  },
  submission_full: {
    status: 422,
    meaning: 'The submission has reached its limit of events, changes or link tokens.',
    remedy: 'Drop the request. Flipsite keeps everything that was stored before.',
  },
  invalid_link: {
    status: 422,
    meaning: 'A campaign link has errors. `fields` has a sentence for each key.',
    remedy: 'Correct the keys, and send the link again.',
  },
  too_many_links: {
    status: 422,
    meaning: 'The form has the largest number of links that can be made outside of its text.',
    remedy: 'Make further links for another form. Closed links count too.',
  },
  texts_full: {
    status: 422,
    meaning: 'The form or the site stores as many published versions or drafts as editors and programs may store.',
    remedy: 'Ask an owner to publish the version in the dashboard.',
  },
  invalid_form: {
    status: 422,
    meaning: 'The text of the form has errors. `errors` has the line, the column and the sentence of each.',
    remedy: 'Fix the text. Nothing was published, and the form is as before.',
  },
  wink_required: {
    status: 422,
    meaning: 'The screen requires a work account or a document, and the person has not connected one.',
    remedy: 'Open the widget again, or let the person continue by another rule of the form.',
  },
  incomplete: {
    status: 422,
    meaning: 'A screen of the journey is not complete. `screen` names it, and `fields` has the sentences.',
    remedy: 'Lead the person to that screen.',
  },
  idempotency_conflict: {
    status: 422,
    meaning: 'This `Idempotency-Key` was used with another body. For a start, it may also be more than a minute old.',
    remedy: 'Use a new key.',
  },
  precondition_required: {
    status: 428,
    meaning: 'The request changes the text of a form without saying which text it replaces.',
    remedy: 'Send `If-Match` with the `ETag` of the source, or `If-None-Match: *` for a new form.',
  },
  rate_limited: {
    status: 429,
    meaning:
      'Too many requests, files or bytes came from this address or for this submission. Or too many large ones are under way from all addresses, or the limit of requests to Smile is reached.',
    remedy: 'Wait as many seconds as `Retry-After` says, then retry. If the error has `fields`, show its sentences.',
  },
  server_error: {
    status: 500,
    meaning: 'Flipsite has a bug or a broken part. The log of the server has the cause.',
    remedy: 'Retry after a minute, with the same `Idempotency-Key`.',
  },
  unreadable_file: {
    status: 500,
    meaning: 'The bytes of the file are damaged, or their key is missing. The log of the server has the reason.',
    remedy: 'Do not retry. Give the `requestId` to the person who runs Flipsite.',
  },
  smile_unavailable: {
    status: 503,
    meaning:
      'Smile cannot be reached. The status is 502 if Smile refuses or its answer is unusable, and 504 if Smile is too slow.',
    remedy: 'Retry in a moment. All answers are saved.',
  },
  busy: {
    status: 503,
    meaning:
      'More requests are waiting than the server and its database can answer, or other writes changed the same data at every attempt. Nothing of this request was stored.',
    remedy: 'Wait as many seconds as `Retry-After` says, then retry with the same `Idempotency-Key`.',
  },
  store_unavailable: {
    status: 503,
    meaning:
      'The database or the storage of files is down, full or read-only, or Flipsite is starting or updating its tables.',
    remedy: 'Wait as many seconds as `Retry-After` says, then retry with the same `Idempotency-Key`.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A code of the API. The compiler refuses an error whose code is not in the table. */
export type ErrorCode = keyof typeof ERROR_CODES;
