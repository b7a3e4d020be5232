/** The kinds of values that variables have. A refusal is the rest of a sentence that begins with the variable's name. */
import { z } from 'zod';

/** A value copied from an example without being filled in, like `<apikey>`. */
const PLACEHOLDER = /^<.*>$/;

export const textValue = z
  .string()
  .refine((value) => !PLACEHOLDER.test(value), { error: 'is still a placeholder', abort: true });

/** A text that `accepts` accepts. The refusal says that it must be `must`. */
export function checkedValue(must: string, accepts: (value: string) => boolean) {
  return textValue.refine(accepts, `must be ${must}`);
}

export const portValue = checkedValue(
  'a port number from 0 to 65535',
  (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
).transform(Number);

const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The rest of a sentence that begins with the name of the variable; undefined for an address that is accepted. */
function addressFault(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value)) return 'must begin with https://';
  const url = URL.parse(value);
  if (!url) return 'is not a complete address';
  if (url.username || url.password) return 'must have no user name and no password';
  if (url.search || value.includes('?')) return 'must have no query, which is the part from “?” on';
  if (url.hash || value.includes('#')) return 'must have no fragment, which is the part from “#” on';
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    return 'must begin with https://, because http:// is for addresses of this machine only';
  return undefined;
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
export const addressValue = textValue
  .superRefine((value, context) => {
    const message = addressFault(value);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .transform((value) => new URL(value).href.replace(/\/+$/, ''));

/** The address of a server of Flipsite, to which a page adds the path of the API. */
export const serverAddressValue = addressValue.refine(
  (value) => !/\/(api|admin)\/?$/.test(new URL(value).pathname),
  'must not have the path /api or /admin. It is the address of the site, and Flipsite adds the rest',
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
  )
  .refine(
    // An address without a host leads to a socket.
    (value) => !POSTGRES.test(value) || URL.canParse(value.replace('@/', '@socket/')),
    'must be an address: write / as %2F in the password, # as %23 and ? as %3F',
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
