/**
 * The environment of a program that tests start: nothing of ours but where programs are, and where Node keeps what it has
 * compiled, since one that starts with it takes half the processor time.
 */
export const PROGRAM_ENV: Record<string, string> = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);
