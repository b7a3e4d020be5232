/** The ids of screens, fields, endings and params. It imports nothing, so that the browser can use it. */

export const ID = /^[a-z][a-z0-9_]*$/;
export const MAX_ID_CHARACTERS = 60;

/** The id of the text field that the key `other` of the field `id` adds. */
export const idOfOther = (id: string): string => `${id}_other`;
