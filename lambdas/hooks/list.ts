import { api, table, tableName } from '../core/api.ts';
import { publicHook, readHooks } from '../core/hook.ts';
import { hookOwner } from './owner.ts';

/** `GET …/webhooks`: a bare array, oldest first. */
export const handler = api(async (call) => {
  const hooks = await readHooks(table, tableName(), await hookOwner(call));
  return { status: 200, body: hooks.map(publicHook) };
});
