import { tableClient } from '../table.ts';

/** Reads and claims of one invocation end here, so that 5 s of posts fit into the function's 10 s. */
export const TABLE_BUDGET_MS = 1_800;

// Both live as long as the function instance, so that their connections are reused.

/** Deliver's client of the main table. */
export const table = tableClient({ attempts: 3, attemptTimeoutMs: 800 });

/** Its client of the table of claims: one try at a time, for claims are tried again where they are made. */
export const claimsTable = tableClient({ attempts: 1, attemptTimeoutMs: 500, afterBreak: false });
