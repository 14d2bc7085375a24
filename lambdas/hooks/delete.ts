import { type ApiCall, api } from '../api/api.ts';
import { invalidFields } from '../errors.ts';
import { type Hook, publicHook } from './hook.ts';
import { hookUrl } from './hook-url.ts';
import { hookByPath, hookByUrl } from './match.ts';
import { hookOwner } from './owner.ts';
import { removeHooks, storedHooksOf } from './store.ts';

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
  // In every spelling that it was stored in: none of them may go on.
  const spellings = stored.filter((one) => hookUrl(one.url) === url);
  await removeHooks(owner, spellings);
  return { status: 200, body: { ...publicHook(hook), deleted: true } };
});
