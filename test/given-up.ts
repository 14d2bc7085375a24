/**
 * When a post is given up, in milliseconds from its start: never before 5 s (a timer may ring a moment early by another
 * clock), and on a busy machine well after, but before the 10 s that the next longer limit would take.
 */
export const GIVEN_UP_MS = { least: 4_990, most: 9_500 };

/** Whether something that took this long was given up after the 5 s that a post has. */
export const wasGivenUpAt5s = (tookMs: number): boolean =>
  tookMs >= GIVEN_UP_MS.least && tookMs <= GIVEN_UP_MS.most;
