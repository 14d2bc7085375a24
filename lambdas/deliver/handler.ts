import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ClickMessage } from '../clicks/click.ts';
import { ENV, requiredEnv } from '../env.ts';
import { readHooks } from '../hooks/store.ts';
import { readSigningSecret } from '../signing-secrets/store.ts';
import { partition, tableClient } from '../table.ts';
import { count, identifyLogs, logger } from '../telemetry.ts';
import { type ClaimOutcome, claim } from './claim.ts';
import { openSockets } from './connection.ts';
import { countClicks } from './counts.ts';
import { parseClick } from './message.ts';
import { type Poster, poster, type Subscribers } from './post.ts';

/** Each read, claim and count ends within this time, so that 5 s of posts fit into the function's 10 s. */
const TABLE_BUDGET_MS = 1_800;

// Lives as long as the function instance, so that its connections are reused.
const table = tableClient({ attempts: 3, attemptTimeoutMs: 800 });

/** What became of a record: its claim's outcome, or `malformed` when its message is not a click. */
type Outcome = ClaimOutcome | 'malformed';

/** A record before its posts. A click that is `won` comes with its subscribers; any other is not posted. */
type Attempt =
  | { outcome: 'won'; click: ClickMessage; subscribers: Subscribers }
  | { outcome: Exclude<Outcome, 'won'> };

/** Posts a batch of clicks to their webhooks, all side by side, each once. Never throws. */
export async function handler(event: SQSEvent, context?: Context): Promise<SQSBatchResponse> {
  identifyLogs(context);
  const records = recordsOf(event);
  const sockets = openSockets();
  const readSubscribers = subscribersReader();
  const posts = poster(sockets);
  const attempts = records.map((record) => attempt(record, readSubscribers));
  // Beside the posts: neither waits for the other.
  const counted = countWon(attempts);
  const outcomes = await Promise.allSettled(attempts.map((one) => postWon(one, posts)));
  posts.countOutcomes();
  await Promise.all([counted, sockets.close()]);
  return decide(records, outcomes);
}

/** The records of an event. One that does not come from a queue has none. */
function recordsOf(event: SQSEvent | null): SQSRecord[] {
  if (Array.isArray(event?.Records)) return event.Records;
  logger.error('An event is not one of a queue: dropped');
  count('MessageMalformed');
  return [];
}

type SubscribersReader = (click: ClickMessage) => Promise<Subscribers>;

/** Parses one record, reads who gets its click, and claims the click. */
async function attempt(record: SQSRecord, readSubscribers: SubscribersReader): Promise<Attempt> {
  const click = parseClick(record);
  if (!click) return { outcome: 'malformed' };
  let subscribers: Subscribers;
  try {
    // Before the claim: while a click is not claimed, it may go back to the queue.
    subscribers = await readSubscribers(click);
  } catch (error) {
    logger.error('Hooks could not be read: the click goes back', {
      error: error as Error,
      click_id: click.click_id,
    });
    return { outcome: 'not-written' };
  }
  const outcome = await claim(click.click_id, AbortSignal.timeout(TABLE_BUDGET_MS));
  return outcome === 'won' ? { outcome, click, subscribers } : { outcome };
}

/** Reads each key at most once. */
function once<K, V>(read: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

/**
 * Reads who gets the clicks of one batch, each owner and each workspace once. The webhooks of the link and of its
 * workspace both get a click; a URL that both have gets it twice.
 */
function subscribersReader(): SubscribersReader {
  const tableName = () => requiredEnv(ENV.tableName);
  const signal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const hooksOf = once(async (owner: string) =>
    readHooks(owner, { table, tableName: tableName(), abortSignal: signal }),
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

/** Posts a click that is won. @returns what became of its record */
async function postWon(attempted: Promise<Attempt>, posts: Poster): Promise<Outcome> {
  const known = await attempted;
  if (known.outcome === 'won') await posts.postAll(known.click, known.subscribers);
  return known.outcome;
}

/** Counts the clicks that are won, once every claim is known. Sample clicks are not counted. */
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

/** Decides what becomes of the records: only a click that was certainly not claimed goes back to the queue. */
function decide(records: SQSRecord[], outcomes: PromiseSettledResult<Outcome>[]): SQSBatchResponse {
  const batchItemFailures = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') {
      logger.error('A click was dropped', { error: outcome.reason as Error });
      count('ClickDropped');
    }
    const goesBack = outcome?.status === 'fulfilled' && outcome.value === 'not-written';
    return goesBack ? [{ itemIdentifier: record.messageId }] : [];
  });
  if (batchItemFailures.length > 0) count('ClickReturned', batchItemFailures.length);
  return { batchItemFailures };
}
