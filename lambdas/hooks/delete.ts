import { type ApiCall, api } from '../core/api.ts';
import { invalidFields } from '../core/errors.ts';
import { type Hook, publicHook } from '../core/hook.ts';
import { removeHook, storedHooksOf } from '../core/hook-store.ts';
import { hookUrl } from '../core/hook-url.ts';
import { hookByPath, hookByUrl } from './match.ts';
import { hookOwner } from './owner.ts';

function meantHook(call: ApiCall, hooks: Hook[]): Hook {
  const url = call.query.get('url');
  if (url) return hookByUrl(hooks, url);
  if (call.path.hook_id) return hookByPath(hooks, call.path.hook_id);
  throw invalidFields({ url: ['must say which webhook to delete: add ?url= with its percent-encoded URL'] });
}

/** `DELETE …/webhooks/:hook_id` or `?url=`: 200 with the hook that is gone; existing clients parse the body. */
export const handler = api(async (call) => {
  const owner = await hookOwner(call);
  const stored = await storedHooksOf(owner);
  const hook = meantHook(call, stored);
  const url = hookUrl(hook.url);
  // Delete every stored spelling: none may receive further clicks.
  for (const one of stored) if (hookUrl(one.url) === url) await removeHook(owner, one);
  return { status: 200, body: { ...publicHook(hook), deleted: true } };
});
