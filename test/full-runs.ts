/**
 * How many cases a long property runs. `npm test` runs fewer, so that it stays quick. `npm run test:full`, which
 * .ci/run calls, sets FULL_RUNS and runs all of them.
 */
export const runs = (full: number, quick: number): number => (process.env.FULL_RUNS ? full : quick);
