/**
 * `text` without characters that no keyboard types: control characters, and those that hide or turn the text around them.
 * Line breaks and tabs stay.
 */
export const typeable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u206f\ufeff]/g, '').toWellFormed();
