/** A path as an argument in a shell, for commands that people copy from messages. */
export const inShell = (path: string): string =>
  /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
