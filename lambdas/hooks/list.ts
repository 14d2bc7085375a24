import { api } from '../api/api.ts';
import { publicHook } from './hook.ts';
import { hookOwner } from './owner.ts';
import { hooksOf } from './store.ts';

/** `GET …/webhooks`: a bare array, oldest first. */
export const handler = api(async (call) => {
  const hooks = await hooksOf(await hookOwner(call));
  return { status: 200, body: hooks.map(publicHook) };
});
