import type { SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import type { Agent } from 'undici';
import { type ClickMessage, clickMessageSchema } from '../core/click-message.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { type Hook, readHooks } from '../core/hook.ts';
import { partition, tableClient } from '../core/table.ts';
import { count, logger } from '../core/telemetry.ts';
import { claimClick } from './claim.ts';
import { countClicks } from './count-clicks.ts';
import { type PostOutcome, post } from './post.ts';

/** Reads and claims of one invocation end here, so that 5 s of posts fit into the function's 10 s. */
const TABLE_BUDGET_MS = 1_800;

/** A Lambda has 1,024 descriptors; 10 records with 50 hooks each fit. Beyond it posts wait their turn. */
const MAX_SOCKETS = 800;

// Lives as long as the function instance.
const table = tableClient({ attempts: 3, attemptTimeoutMs: 800 });

/** A message's click, or null when it is malformed or of a version this code does not know. */
export function parseClick(record: SQSRecord): ClickMessage | null {
  try {
    return clickMessageSchema.parse(JSON.parse(record.body));
  } catch {
    logger.error('A message is not a click: dropped', { message_id: record.messageId });
    count('MessageMalformed');
    return null;
  }
}

/** Reads hooks, each owner at most once in a batch: both levels fire, the same URL on both twice. */
export function hookReader(): (click: ClickMessage) => Promise<Hook[]> {
  const byOwner = new Map<string, Promise<Hook[]>>();
  const signal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const read = (owner: string): Promise<Hook[]> => {
    const known = byOwner.get(owner) ?? readHooks(table, requiredEnv(ENV.tableName), owner, signal);
    byOwner.set(owner, known);
    return known;
  };
  return async (click) => {
    const levels = [read(partition.link(click.link_id)), read(partition.workspace(click.workspace_id))];
    return (await Promise.all(levels)).flat();
  };
}

/** Whether a click may be posted by this attempt, has to come back, or is over. */
type Claimed = 'post' | 'return' | 'drop';

/** Claims a click and counts every outcome but a win. */
export async function claim(click: ClickMessage): Promise<Claimed> {
  const signal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const outcome = await claimClick(table, requiredEnv(ENV.claimsTableName), click.click_id, signal);
  if (outcome === 'won') return 'post';
  if (outcome === 'not-written') return 'return';
  if (outcome === 'ambiguous')
    logger.error('A claim may or may not be written: the click is dropped', { click_id: click.click_id });
  count(outcome === 'lost' ? 'ClickDuplicate' : 'ClaimAmbiguous');
  return 'drop';
}

/** Counts clicks that were claimed, and expires links by it. Never throws. */
export function countAll(clicks: ClickMessage[]): Promise<void> {
  const abortSignal = AbortSignal.timeout(TABLE_BUDGET_MS);
  return countClicks({ table, tableName: requiredEnv(ENV.tableName), abortSignal }, clicks);
}

/** One log line and one metric per POST: the host alone, for secrets live in paths and queries. */
function report(click: ClickMessage, hook: Hook, outcome: PostOutcome): void {
  const { kind, ...details } = outcome;
  const { host } = new URL(hook.url);
  logger.info(`Webhook ${kind}`, { click_id: click.click_id, link_id: click.link_id, host, ...details });
  if (outcome.kind === 'failed') count('PostFailed', 1, { reason: outcome.reason });
  else count(outcome.kind === 'delivered' ? 'PostDelivered' : 'PostRefused');
}

/** Posts clicks to their hooks, under one cap of sockets for the whole invocation, oldest click first. */
export function poster(agent: Agent): (click: ClickMessage, hooks: Hook[]) => Promise<void> {
  const limit = pLimit(MAX_SOCKETS);
  return async (click, hooks) => {
    const payload = JSON.stringify(click.payload);
    const posts = hooks.map((hook) =>
      limit(async () => report(click, hook, await post(hook.url, payload, agent))),
    );
    await Promise.all(posts);
  };
}
