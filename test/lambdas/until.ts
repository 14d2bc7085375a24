const LONGEST_MS = 60_000;

/** Waits until a condition holds. If it never does, the test fails instead of running on. */
export async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + LONGEST_MS;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`It did not hold within ${LONGEST_MS} ms: ${holds}`);
    await new Promise(setImmediate);
  }
}
