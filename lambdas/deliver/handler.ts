import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ClickMessage } from '../clicks/click.ts';
import { ENV, requiredEnv } from '../env.ts';
import { readStoredHooks } from '../hooks/store.ts';
import { readSigningSecret } from '../signing-secrets/store.ts';
import { partition, tableClient } from '../table.ts';
import { count, identifyLogs, logger } from '../telemetry.ts';
import { type ClaimOutcome, claim } from './claim.ts';
import { countClicks } from './counts.ts';
import { removeGone } from './gone.ts';
import { parseClick } from './message.ts';
import { once } from './once.ts';
import { type Poster, poster, type Subscribers } from './post.ts';
import { openSockets } from './sockets.ts';
import { subscribersOf } from './subscriber.ts';

/** Each read, claim and count ends within this time, so that 5 s of deliveries fit into the function's 10 s. */
const TABLE_BUDGET_MS = 1_800;
/** The time for removing webhooks after all deliveries: what the function's 10 s leave. */
const REMOVAL_BUDGET_MS = 1_000;

// Lives as long as the function instance, so that its connections are reused.
const table = tableClient({ attempts: 3, attemptTimeoutMs: 800 });

/** The outcome of a record: that of its claim, or `malformed` when its message is not a click. */
type Outcome = ClaimOutcome | 'malformed';

/** A record before its deliveries. A click that is `won` has its subscribers. Other clicks are not delivered. */
type Attempt =
  | { outcome: 'won'; click: ClickMessage; subscribers: Subscribers }
  | { outcome: Exclude<Outcome, 'won'> };

/** Delivers a batch of clicks to their webhooks, all in parallel, each once. Never throws. */
export async function handler(event: SQSEvent, context?: Context): Promise<SQSBatchResponse> {
  identifyLogs(context);
  const records = recordsOf(event);
  const sockets = openSockets();
  const readSubscribers = subscribersReader();
  const posts = poster(sockets);
  const attempts = records.map((record) => attempt(record, readSubscribers));
  // Runs in parallel with the deliveries. Neither waits for the other.
  const counted = countWon(attempts);
  const outcomes = await Promise.allSettled(attempts.map((one) => postWon(one, posts)));
  posts.report();
  await Promise.all([counted, removeAll(posts), sockets.close()]);
  return decide(records, outcomes);
}

/** The records of an event. An event that does not come from a queue has none. */
function recordsOf(event: SQSEvent | null): SQSRecord[] {
  if (Array.isArray(event?.Records)) return event.Records;
  logger.error('An event is not from a queue. It is dropped.');
  count('MessageMalformed');
  return [];
}

type SubscribersReader = (click: ClickMessage) => Promise<Subscribers>;

/** Parses a record, reads its subscribers, and claims the click. */
async function attempt(record: SQSRecord, readSubscribers: SubscribersReader): Promise<Attempt> {
  const click = parseClick(record);
  if (!click) return { outcome: 'malformed' };
  let subscribers: Subscribers;
  try {
    // Reads before the claim, because a click that is not claimed may go back to the queue.
    subscribers = await readSubscribers(click);
  } catch (error) {
    logger.error('Hooks could not be read. The click goes back to the queue.', {
      error: error as Error,
      click_id: click.payload.click.id,
    });
    return { outcome: 'not-written' };
  }
  const outcome = await claim(click, AbortSignal.timeout(TABLE_BUDGET_MS));
  return outcome === 'won' ? { outcome, click, subscribers } : { outcome };
}

/**
 * Reads the subscribers of a batch, each owner and each workspace once. The webhooks of the link and of its workspace
 * both receive the click. A URL on both levels receives it twice.
 */
function subscribersReader(): SubscribersReader {
  const tableName = () => requiredEnv(ENV.tableName);
  const signal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const hooksOf = once(async (owner: string) =>
    subscribersOf(
      owner,
      await readStoredHooks(owner, { table, tableName: tableName(), abortSignal: signal }),
    ),
  );
  const secretOf = once(async (workspaceId: number) =>
    readSigningSecret(workspaceId, { table, tableName: tableName(), abortSignal: signal }),
  );
  return async ({ link_id, workspace_id }) => {
    const [ofLink, ofWorkspace, secret] = await Promise.all([
      hooksOf(partition.link(link_id)),
      hooksOf(partition.workspace(workspace_id)),
      secretOf(workspace_id),
    ]);
    return { hooks: [...ofLink, ...ofWorkspace], secret };
  };
}

/** Delivers a click whose claim is won. @returns the outcome of its record */
async function postWon(attempted: Promise<Attempt>, posts: Poster): Promise<Outcome> {
  const known = await attempted;
  if (known.outcome === 'won') await posts.postAll(known.click, known.subscribers);
  return known.outcome;
}

/** Removes the webhooks that answered 410 Gone. */
async function removeAll({ gone }: Poster): Promise<void> {
  if (gone.size === 0) return;
  const abortSignal = AbortSignal.timeout(REMOVAL_BUDGET_MS);
  await removeGone({ table, tableName: requiredEnv(ENV.tableName), abortSignal }, gone);
}

/** Counts the clicks whose claims are won, once every claim is decided. Sample clicks are not counted. */
async function countWon(attempts: Promise<Attempt>[]): Promise<void> {
  const settled = await Promise.allSettled(attempts);
  const clicks = settled.flatMap((one) =>
    one.status === 'fulfilled' && one.value.outcome === 'won' ? [one.value.click] : [],
  );
  const counted = clicks.filter((click) => click.counted);
  if (counted.length === 0) return;
  const abortSignal = AbortSignal.timeout(TABLE_BUDGET_MS);
  await countClicks({ table, tableName: requiredEnv(ENV.tableName), abortSignal }, counted);
}

/** Decides about each record. Only a click that was certainly not claimed goes back to the queue. */
function decide(records: SQSRecord[], outcomes: PromiseSettledResult<Outcome>[]): SQSBatchResponse {
  const batchItemFailures = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') {
      logger.error('A click was dropped.', { error: outcome.reason as Error });
      count('ClickDropped');
    }
    const goesBack = outcome?.status === 'fulfilled' && outcome.value === 'not-written';
    return goesBack ? [{ itemIdentifier: record.messageId }] : [];
  });
  if (batchItemFailures.length > 0) count('ClickReturned', batchItemFailures.length);
  return { batchItemFailures };
}
