import { SQSClient } from '@aws-sdk/client-sqs';
import { type ApiCall, handle } from '../api/api.ts';
import { parseBody, parseId } from '../api/input.ts';
import { sendClick } from '../clicks/click.ts';
import { invalidFields, RateLimited } from '../errors.ts';
import { withFreshSockets } from '../fresh-sockets.ts';
import type { Link } from '../links/link.ts';
import { readLink } from '../links/store.ts';
import { readOwner } from '../owner-list.ts';
import { partition } from '../table.ts';
import { checkHookUrlToSave, hookByPath, hookByUrl, urlToCheck } from './check.ts';
import { checkDelivery } from './check-delivery.ts';
import { checkSchema, hooks, subscriptionSchema } from './endpoints.ts';
import { hookUrl, publicHook } from './hook.ts';
import { noteOf } from './note.ts';
import { sampleClick } from './sample-click.ts';
import { addHook, readHooks, readStoredHooks, recordTest, removeHooks } from './store.ts';

const { endpoints } = hooks;

/**
 * The owner of the webhooks: the partition key of the link or the workspace in the path, and the link.
 * @throws ClientError 404 when it is missing or belongs to another workspace
 */
async function readHookOwner({ workspaceId, path }: ApiCall): Promise<{ owner: string; link?: Link }> {
  if (path.link_id !== undefined) {
    const { link } = await readLink(workspaceId, parseId(path.link_id));
    return { owner: partition.link(link.id), link };
  }
  const owner = partition.workspace(workspaceId);
  await readOwner(owner);
  return { owner };
}

const hookOwner = async (call: ApiCall): Promise<string> => (await readHookOwner(call)).owner;

/** A bare array, oldest first. */
export const list = handle(endpoints.list, async (call) => {
  const own = await readHooks(await hookOwner(call));
  return { status: 200, body: own.map(publicHook) };
});

/** 201 with the new webhook, or 200 with the one that already exists. A webhook of a chat tool has a note. */
export const create = handle(endpoints.create, async (call) => {
  // Checks the owner first: a link of another workspace is a 404, whatever the body contains.
  const owner = await hookOwner(call);
  const { url } = parseBody(subscriptionSchema, call.sent);
  const checked = await checkHookUrlToSave(url);
  if (checked.problem !== undefined) throw invalidFields({ url: [checked.problem] });
  const { hook, added } = await addHook(owner, checked.href);
  const note = noteOf(hook.url);
  return { status: added ? 201 : 200, body: { ...publicHook(hook), ...(note ? { note } : {}) } };
});

/** 200 with the deleted webhook, because existing clients parse the body. */
const remove = handle(endpoints.delete, async (call) => {
  const owner = await hookOwner(call);
  const stored = await readStoredHooks(owner);
  const { query, path } = call;
  if (!query.url && !path.hook_id) {
    throw invalidFields({
      url: ['is missing. Add ?url= with the percent-encoded URL of the webhook to delete'],
    });
  }
  const hook = query.url ? hookByUrl(stored, query.url) : hookByPath(stored, path.hook_id ?? '');
  const url = hookUrl(hook.url);
  // Deletes every stored spelling, so that none receives further clicks.
  const spellings = stored.filter((one) => hookUrl(one.url) === url);
  await removeHooks(owner, spellings);
  return { status: 200, body: { ...publicHook(hook), deleted: true } };
});

// The handlers have the names of their endpoints, and `delete` is a reserved word.
export { remove as delete };

// Lives as long as the function instance.
const sqs = withFreshSockets(new SQSClient({}));

/** The time for all tries to reach the queue, well within the function's timeout. */
const SEND_BUDGET_MS = 3_000;

/** @throws RateLimited 429 when the last call of this kind was less than a second ago */
async function assertRate(owner: string, kind: 'test' | 'check', sentence: string): Promise<void> {
  if (await recordTest(owner, kind)) return;
  throw new RateLimited(`${sentence} Try again in 1 s.`, 1, 1, 1);
}

/** What a test call says: who receives the click, or that nobody does. */
const TEST_SENTENCES = {
  link: {
    sent: 'A sample click is on its way to the webhooks of the link and of its workspace.',
    none: 'Nothing was sent, because neither the link nor its workspace has a webhook. Add a webhook first.',
    rate: 'A link can send one test click per second.',
  },
  workspace: {
    sent: 'A sample click is on its way to the webhooks of the workspace.',
    none: 'Nothing was sent, because the workspace has no webhook. Add a webhook first.',
    rate: 'A workspace can send one test click per second.',
  },
};

/** 202. A sample click is delivered like any other click, but not counted. 200 when there is no webhook to send to. */
export const test = handle(endpoints.test, async (call) => {
  const { owner, link } = await readHookOwner(call);
  const sentences = TEST_SENTENCES[link ? 'link' : 'workspace'];
  await assertRate(owner, 'test', sentences.rate);
  const owners = new Set([owner, partition.workspace(call.workspaceId)]);
  const webhooks = (await Promise.all([...owners].map((one) => readHooks(one)))).flat().length;
  const click = sampleClick(call.workspaceId, link);
  const body = { webhooks, click_id: click.payload.click.id, payload: click.payload };
  if (webhooks === 0) return { status: 200, body: { message: sentences.none, ...body } };
  await sendClick(sqs, click, AbortSignal.timeout(SEND_BUDGET_MS));
  return { status: 202, body: { message: sentences.sent, ...body } };
});

/** 200 with what happened, whatever that is. The delivery is made during the call, and leaves no trace here. */
export const check = handle(endpoints.check, async (call) => {
  const { owner, link } = await readHookOwner(call);
  const url = urlToCheck(parseBody(checkSchema, call.sent).url);
  const { workspaceId } = call;
  await assertRate(
    partition.workspace(workspaceId),
    'check',
    'A workspace can check one webhook per second.',
  );
  return { status: 200, body: await checkDelivery(sampleClick(workspaceId, link), url, owner) };
});
