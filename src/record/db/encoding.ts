/** Whether the encoding of a PostgreSQL database has every letter that people type. */

/** Returns the `encoding` of the database, its `name`, and whether a Flipsite used it before (`is_used`). */
export const DATABASE_ENCODING = `select current_setting('server_encoding') as encoding, current_database() as name,
  to_regclass('kysely_migration') is not null as is_used`;

export interface DatabaseEncoding {
  encoding: string;
  name: string;
  is_used: boolean;
}

/** SQL_ASCII keeps the bytes as they come. PostgreSQL refuses a text with a letter that another encoding does not have. */
const COMPLETE = ['UTF8', 'SQL_ASCII'];

/** @returns a sentence if many letters of people can't be stored */
export function explainEncoding({ encoding, name }: DatabaseEncoding): string | undefined {
  if (COMPLETE.includes(encoding)) return undefined;
  return `The database ${name} has the encoding ${encoding}, so PostgreSQL refuses answers with letters of other languages or emoji. Use a database with the encoding UTF8, from createdb -E UTF8 -T template0`;
}
