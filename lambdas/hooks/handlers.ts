import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type ApiCall, handle } from '../api/api.ts';
import { parseBody, parseId } from '../api/input.ts';
import {
  CLICK_MESSAGE_VERSION,
  type ClickMessage,
  clickedLink,
  samplePayload,
  sendClick,
} from '../clicks/click.ts';
import { ENV, requiredEnv } from '../env.ts';
import { invalidFields, RateLimited } from '../errors.ts';
import { withFreshSockets } from '../fresh-sockets.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { readLink } from '../links/store.ts';
import { readOwner } from '../owner-list.ts';
import { partition } from '../table.ts';
import { checkHookUrlToSave, hookByPath, hookByUrl } from './check.ts';
import { hooks, subscriptionSchema } from './endpoints.ts';
import { hookUrl, publicHook } from './hook.ts';
import { addHook, noteTest, readHooks, readStoredHooks, removeHooks } from './store.ts';

const { endpoints } = hooks;

/**
 * Whose webhooks a call is about: the partition key of the link or the workspace in its path.
 * @throws ClientError 404 when that is missing or another workspace's
 */
async function hookOwner({ workspaceId, path }: ApiCall): Promise<string> {
  if (path.link_id !== undefined) {
    const { link } = await readLink(workspaceId, parseId(path.link_id));
    return partition.link(link.id);
  }
  const owner = partition.workspace(workspaceId);
  await readOwner(owner);
  return owner;
}

/** A bare array, oldest first. */
export const list = handle(endpoints.list, async (call) => {
  const own = await readHooks(await hookOwner(call));
  return { status: 200, body: own.map(publicHook) };
});

/** 201 with the new webhook, 200 with the one that exists already. */
export const create = handle(endpoints.create, async (call) => {
  // First of all the owner: a link of another workspace is a 404, whatever is sent.
  const owner = await hookOwner(call);
  const { url } = parseBody(subscriptionSchema, call.sent);
  const checked = await checkHookUrlToSave(url);
  if (checked.problem !== undefined) throw invalidFields({ url: [checked.problem] });
  const { hook, added } = await addHook(owner, checked.href);
  return { status: added ? 201 : 200, body: publicHook(hook) };
});

/** 200 with the webhook that is gone; existing clients parse the body. */
const remove = handle(endpoints.delete, async (call) => {
  const owner = await hookOwner(call);
  const stored = await readStoredHooks(owner);
  const { query, path } = call;
  if (!query.url && !path.hook_id) {
    throw invalidFields({
      url: ['must say which webhook to delete: add ?url= with its percent-encoded URL'],
    });
  }
  const hook = query.url ? hookByUrl(stored, query.url) : hookByPath(stored, path.hook_id ?? '');
  const url = hookUrl(hook.url);
  // Delete every stored spelling: none may receive further clicks.
  const spellings = stored.filter((one) => hookUrl(one.url) === url);
  await removeHooks(owner, spellings);
  return { status: 200, body: { ...publicHook(hook), deleted: true } };
});

// The names of handlers are those of their endpoints, and `delete` is a word of the language.
export { remove as delete };

// Lives as long as the function instance.
const sqs = withFreshSockets(new SQSClient({}));

/** Time for all tries to reach the queue, well within the function's own. */
const SEND_BUDGET_MS = 3_000;

/** A click that nobody made, with the link's real fields. */
function sampleClick(link: Link): ClickMessage {
  return {
    version: CLICK_MESSAGE_VERSION,
    click_id: randomUUID(),
    link_id: link.id,
    workspace_id: link.workspace_id,
    expiry_clicks: null,
    counted: false,
    payload: samplePayload(clickedLink(link, fullUrl(link, requiredEnv(ENV.baseUrl)), link.url), Date.now()),
  };
}

/** 202; a sample click goes the way of every click, and is not counted. */
export const test = handle(endpoints.test, async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  if (!(await noteTest(link.id))) {
    throw new RateLimited('A link takes one test click a second: try again in 1 s', 1, 1, 1);
  }
  const click = sampleClick(link);
  await sendClick(sqs, click, AbortSignal.timeout(SEND_BUDGET_MS));
  const message = 'A sample click is on its way to the webhooks of the link and of its workspace';
  return { status: 202, body: { message, click_id: click.click_id, payload: click.payload } };
});
