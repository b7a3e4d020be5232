/**
 * An event's data without `keys`. Events are stored as plain text, so they have neither the name with which a person signs
 * in, nor the names of files, nor the data of an account.
 */
export const withoutKeys = (data: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)));
