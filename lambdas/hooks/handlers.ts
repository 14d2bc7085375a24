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
import { newClickIdentity } from '../clicks/identity.ts';
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
import { noteOf } from './note.ts';
import { addHook, readHooks, readStoredHooks, recordTest, removeHooks } from './store.ts';

const { endpoints } = hooks;

/**
 * The owner of the webhooks: the partition key of the link or the workspace in the path.
 * @throws ClientError 404 when it is missing or belongs to another workspace
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

/** A sample click with the link's real fields. */
function sampleClick(link: Link): ClickMessage {
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id: link.id,
    workspace_id: link.workspace_id,
    expiry_clicks: null,
    counted: false,
    rule: null,
    payload: samplePayload(
      clickedLink(link, fullUrl(link, requiredEnv(ENV.baseUrl)), link.url),
      newClickIdentity(),
    ),
  };
}

/** 202. A sample click is delivered like any other click, but not counted. */
export const test = handle(endpoints.test, async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  if (!(await recordTest(link.id))) {
    throw new RateLimited('A link can send one test click per second. Try again in 1 s.', 1, 1, 1);
  }
  const click = sampleClick(link);
  await sendClick(sqs, click, AbortSignal.timeout(SEND_BUDGET_MS));
  const message = 'A sample click is on its way to the webhooks of the link and of its workspace.';
  return { status: 202, body: { message, click_id: click.payload.click.id, payload: click.payload } };
});
