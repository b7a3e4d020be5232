/** Runs `act`, and counts how often the event loop goes round meanwhile: that often, other requests can be answered. */
export async function countTurns<T>(act: () => Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  try {
    return { result: await act(), turns };
  } finally {
    clearImmediate(next);
  }
}
