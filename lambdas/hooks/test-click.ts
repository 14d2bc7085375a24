import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { api } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import {
  CLICK_MESSAGE_VERSION,
  type ClickMessage,
  clickedLink,
  samplePayload,
  sendClick,
} from '../clicks/click.ts';
import { ENV, requiredEnv } from '../env.ts';
import { RateLimited } from '../errors.ts';
import { withFreshSockets } from '../fresh-sockets.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { readLink } from '../links/store.ts';
import { partition } from '../table.ts';
import { writeIf } from '../write-if.ts';

// Lives as long as the function instance.
const sqs = withFreshSockets(new SQSClient({}));

/** Time for all tries to reach the queue, well within the function's own. */
const SEND_BUDGET_MS = 3_000;

const INTERVAL_MS = 1_000;
/** What is written of a test is worth nothing soon after. */
const TTL_SECONDS = 60 * 60;

/** Takes a link's turn to be tested. @throws RateLimited when the one before was less than a second ago */
async function takeTurn(linkId: number): Promise<void> {
  const now = Date.now();
  const taken = await writeIf(
    new UpdateCommand({
      TableName: requiredEnv(ENV.claimsTableName),
      Key: { pk: partition.testClicks(linkId) },
      UpdateExpression: 'SET tested_at = :now, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(tested_at) OR tested_at <= :before',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':now': now,
        ':before': now - INTERVAL_MS,
        ':ttl': Math.floor(now / 1_000) + TTL_SECONDS,
      },
    }),
  );
  if (!taken) throw new RateLimited('A link takes one test click a second: try again in 1 s', 1, 1, 1);
}

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

/** `POST /link/:id/webhooks/test`: 202; a sample click goes the way of every click, and is not counted. */
export const handler = api(async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  await takeTurn(link.id);
  const click = sampleClick(link);
  await sendClick(sqs, click, AbortSignal.timeout(SEND_BUDGET_MS));
  const message = 'A sample click is on its way to the webhooks of the link and of its workspace';
  return { status: 202, body: { message, click_id: click.click_id, payload: click.payload } };
});
