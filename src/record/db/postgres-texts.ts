/** Whether a PostgreSQL database stores and sorts texts as Flipsite needs it. Its creator chose the encoding and the collation. */
import { ALPHABET } from '../ids.ts';

/** Runs a query and returns its rows. */
type Read = (query: string) => Promise<object[]>;

/** SQL_ASCII keeps the bytes as they come. PostgreSQL refuses a text with a letter that another encoding does not have. */
const COMPLETE = ['UTF8', 'SQL_ASCII'];

const CREATE = 'Use a database from createdb -E UTF8 -T template0 --locale-provider=libc --locale=C';

const HEX = [...'0123456789abcdef'];

/** All pairs, because some languages sort two letters as one. Danish has aa after z. */
const PAIRS = HEX.flatMap((first) => HEX.map((second) => first + second));

const sorting = (texts: string[]) =>
  `select one from (values ${texts.map((text) => `('${text}')`).join()}) as texts (one) order by one`;

/** @returns a sentence for each problem, and whether Flipsite has used the database before */
export async function explainTexts(read: Read): Promise<{ problems: string[]; isUsed: boolean }> {
  const rows = await read(`select current_setting('server_encoding') as encoding, current_database() as name,
    to_regclass('kysely_migration') is not null as "isUsed"`);
  const { encoding, name, isUsed } = rows[0] as { encoding: string; name: string; isUsed: boolean };
  const isSorted = async (texts: string[]) => {
    const sorted = (await read(sorting(texts))) as { one: string }[];
    return sorted.map(({ one }) => one).join() === texts.toSorted().join();
  };
  const problems: string[] = [];
  if (!COMPLETE.includes(encoding)) problems.push(`The database ${name} has the encoding ${encoding}, so PostgreSQL refuses answers with letters of other languages or emoji. ${CREATE}`); // prettier-ignore
  // Ids begin with their time. A search looks for references from one to another one.
  if (!(await isSorted(PAIRS)) || !(await isSorted([...ALPHABET]))) problems.push(`The database ${name} sorts letters by a language with an order of its own, so lists of people have a wrong order, and searches miss some. ${CREATE}`); // prettier-ignore
  return { problems, isUsed };
}
