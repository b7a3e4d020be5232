/** The kinds of values that variables have. A refusal is the rest of a sentence that begins with the variable's name. */
import { z } from 'zod';

/** A value copied from an example without being filled in, like `<apikey>`. */
const PLACEHOLDER = /^<.*>$/;

export const textValue = z.string().refine((value) => !PLACEHOLDER.test(value), 'is still a placeholder');

/** A text that `accepts` accepts. The refusal says that it must be `must`. */
export function checkedValue(must: string, accepts: (value: string) => boolean) {
  return textValue.refine(accepts, `must be ${must}`);
}

export const portValue = checkedValue(
  'a port number from 0 to 65535',
  (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
).transform(Number);

const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isSafeAddress(value: string) {
  const url = URL.parse(value);
  if (!url || url.username || url.password || url.search || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

export const mailServerValue = checkedValue('the address of a mail server', (value) => {
  const url = URL.parse(value);
  return !!url && /^smtps?:$/.test(url.protocol) && url.hostname !== '';
});

const MAIL_FROM = /^(?:[^<>@\p{C}]{1,100} *<[^\s<>@]{1,100}@[^\s<>@]{1,150}>|[^\s<>@]{1,100}@[^\s<>@]{1,150})$/u;

export const mailFromValue = checkedValue('an email address, with or without a name before it', (value) =>
  MAIL_FROM.test(value),
);

/** An address without a slash at its end. */
export const addressValue = checkedValue('an https address (http on this machine only)', isSafeAddress).transform(
  (value) => new URL(value).href.replace(/\/+$/, ''),
);

/** 32 bytes, as a Buffer. */
export const secretKeyValue = checkedValue('32 bytes in base64', (value) => /^[\w+/-]{43}=?$/.test(value)).transform(
  (value) => Buffer.from(value, 'base64'),
);

/** Refuses other schemes, which name databases that Flipsite cannot open. One letter is a drive, not a scheme. */
export const databaseUrlValue = textValue
  .transform((value) => value.replace(/^sqlite:(\/\/)?/, ''))
  .refine(
    (value) => POSTGRES.test(value) || (value !== '' && !/^([a-z][a-z0-9+.-]+)?:/i.test(value)),
    'must name a SQLite file or a PostgreSQL database',
  );

const POSTGRES = /^postgres(ql)?:\/\/./;

/** Values between commas, without the spaces around them. */
export const listValue = textValue.transform((value) => value.split(',').map((one) => one.trim()));

export const bearerKeyValue = checkedValue('20 to 500 characters without spaces', (value) =>
  /^[\x21-\x7e]{20,500}$/.test(value),
);

export const logLevelValue = z.enum(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  'must be one of fatal, error, warn, info, debug, trace, silent',
);
