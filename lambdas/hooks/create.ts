import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { api, table, tableName } from '../core/api.ts';
import { checkHookUrlToSave } from '../core/egress.ts';
import { conflict, invalidFields } from '../core/errors.ts';
import { type Hook, hookId, MAX_HOOKS_PER_OWNER, publicHook, readHooks } from '../core/hook.ts';
import { parseBody } from '../core/input.ts';
import { sort } from '../core/table.ts';
import { writeIf } from '../core/write-if.ts';
import { hookOwner } from './owner.ts';

const subscriptionSchema = z.object({ url: z.unknown() });

/** The URL to subscribe, normalised. @throws ClientError 422 at `url` */
async function urlToSave(body: unknown): Promise<string> {
  const checked = await checkHookUrlToSave(parseBody(subscriptionSchema, body).url);
  if (checked.problem !== undefined) throw invalidFields({ url: [checked.problem] });
  return checked.href;
}

/** Adds a hook. @returns false when a request at the same instant has added the same one */
function addHook(owner: string, hook: Hook): Promise<boolean> {
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { pk: owner, sk: sort.hook(hook.hook_id), ...hook },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
}

/** `POST …/webhooks {url}`: 201 with the new hook, 200 with the one that is already there. */
export const handler = api(async (call) => {
  const owner = await hookOwner(call);
  const url = await urlToSave(call.body);
  const hooks = await readHooks(table, tableName(), owner);
  const hook_id = hookId(owner, url);
  const known = hooks.find((hook) => hook.hook_id === hook_id);
  if (known) return { status: 200, body: publicHook(known) };
  if (hooks.length >= MAX_HOOKS_PER_OWNER) {
    throw conflict(
      `There are already ${MAX_HOOKS_PER_OWNER} webhooks here, the most there may be: delete one first`,
    );
  }
  const hook: Hook = { hook_id, url, created_at: new Date().toISOString() };
  const added = await addHook(owner, hook);
  return { status: added ? 201 : 200, body: publicHook(hook) };
});
