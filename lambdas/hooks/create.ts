import { api } from '../api/api.ts';
import { assertNoOptions, parseBody } from '../api/input.ts';
import { checkHookUrlToSave } from '../deliver/egress.ts';
import { invalidFields } from '../errors.ts';
import { publicHook } from './hook.ts';
import { hookOwner } from './owner.ts';
import { subscriptionSchema } from './requests.ts';
import { addHook } from './store.ts';

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
  const { hook, added } = await addHook(owner, url);
  return { status: added ? 201 : 200, body: publicHook(hook) };
});
