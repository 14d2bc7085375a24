import { api } from '../core/api.ts';
import { checkHookUrlToSave } from '../core/egress.ts';
import { conflict, invalidFields } from '../core/errors.ts';
import { MAX_HOOKS_PER_OWNER, publicHook } from '../core/hook.ts';
import { addHook, hooksOf, newHook } from '../core/hook-store.ts';
import { hookUrl } from '../core/hook-url.ts';
import { assertNoOptions, parseBody } from '../core/input.ts';
import { hookOwner } from './owner.ts';
import { subscriptionSchema } from './requests.ts';

/** The URL to subscribe, normalised. @throws ClientError 422 at `url` */
async function urlToSave(body: unknown): Promise<string> {
  const checked = await checkHookUrlToSave(parseBody(subscriptionSchema, body).url);
  if (checked.problem !== undefined) throw invalidFields({ url: [checked.problem] });
  return checked.href;
}

/** `POST …/webhooks {url}`: 201 with the new hook, 200 with the one that is already there. */
export const handler = api(async (call) => {
  const owner = await hookOwner(call);
  assertNoOptions(call.query, subscriptionSchema);
  const url = await urlToSave(call.body);
  const hooks = await hooksOf(owner);
  const known = hooks.find((hook) => hookUrl(hook.url) === url);
  if (known) return { status: 200, body: publicHook(known) };
  if (hooks.length >= MAX_HOOKS_PER_OWNER) {
    throw conflict(
      `There are already ${MAX_HOOKS_PER_OWNER} webhooks here, the most there may be: delete one first`,
    );
  }
  const hook = newHook(owner, url);
  const added = await addHook(owner, hook);
  return { status: added ? 201 : 200, body: publicHook(hook) };
});
