/** When something has to be over: the signal aborts then, `remainingMs` is what is left of it, 0 at the least. */
export type Deadline = { signal: AbortSignal; remainingMs: () => number };

/** A deadline this many milliseconds from now. */
export function deadlineIn(ms: number): Deadline {
  const endsAtMs = performance.now() + ms;
  return { signal: AbortSignal.timeout(ms), remainingMs: () => Math.max(0, endsAtMs - performance.now()) };
}
