/**
 * Runs `run` as a user without special rights, if root runs the tests: root may read every file. Other users run it as they are.
 * @returns what `run` returns
 */
export async function asOtherUser<R>(run: () => R | Promise<R>): Promise<R> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
