import { ENV, requiredEnv } from './env.ts';
import { tableClient } from './table.ts';

/** The main table, for management functions. Kept while the function instance lives. */
export const table = tableClient();

/** Name of the main table. */
export const tableName = () => requiredEnv(ENV.tableName);
