import { api } from '../core/api.ts';
import { publicHook } from '../core/hook.ts';
import { hooksOf } from '../core/hook-store.ts';
import { hookOwner } from './owner.ts';

/** `GET …/webhooks`: a bare array, oldest first. */
export const handler = api(async (call) => {
  const hooks = await hooksOf(await hookOwner(call));
  return { status: 200, body: hooks.map(publicHook) };
});
