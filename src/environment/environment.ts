/** Reads the variables of the environment. */
import { environmentSchema, TOGETHER, wordsOfVariable, type Environment, type Variable } from './variables.ts';

export type ReadEnvironment = { ok: true; values: Environment } | { ok: false; faults: string[] };

/**
 * Reads all variables of Flipsite. An empty one counts as absent.
 * @returns the values, or every fault as a sentence, with an example and never with the value
 */
export function readEnvironment(env: Record<string, string | undefined>): ReadEnvironment {
  const values = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = environmentSchema.safeParse(values);
  const wrong = new Map(parsed.error?.issues.map((issue) => [issue.path[0] as Variable, issue.message]));
  for (const { names, rule } of TOGETHER) {
    const absent = names.filter((name) => !(name in values));
    if (absent.length === names.length) continue;
    for (const name of absent) wrong.set(name, `is missing. ${rule}`);
  }
  if (parsed.success && wrong.size === 0) return { ok: true, values: parsed.data };
  return { ok: false, faults: [...wrong].map(([name, fault]) => `${name} ${fault}. Example: ${exampleOf(name)}`) };
}

/** The names of all variables of Flipsite. */
export const VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

const exampleOf = (name: Variable) => `${name}=${wordsOfVariable(name).example}`;

/** Whether Flipsite reads the variable `name` itself. */
export const isSetting = (name: string): boolean => name in environmentSchema.shape;

/** The secret that a form names in `secret_env`. Undefined if it is not set, and for Flipsite's own variables, which forms can't use. */
export function formSecret(name: string, env: Record<string, string | undefined>): string | undefined {
  return isSetting(name) ? undefined : env[name]?.trim() || undefined;
}
