/**
 * When a delivery is given up, in milliseconds from its start: never before 5 s (a timer may fire slightly early by
 * another clock), and on a busy machine well after, but before the next longer limit of 10 s.
 */
export const GIVEN_UP_MS = { least: 4_990, most: 9_500 };

/** Whether something that took this long was given up after the 5 s of a delivery. */
export const wasGivenUpAt5s = (tookMs: number): boolean =>
  tookMs >= GIVEN_UP_MS.least && tookMs <= GIVEN_UP_MS.most;
