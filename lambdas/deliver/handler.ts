import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ClickMessage } from '../clicks/click-message.ts';
import { count, identifyLogs, logger } from '../telemetry.ts';
import { claim, countAll, parseClick } from './deliver-click.ts';
import { poster } from './post-click.ts';
import { type Subscribers, subscribersReader } from './read-subscribers.ts';
import { openSockets } from './sockets.ts';

/** A click that this invocation alone may post, and where to; or what else becomes of its record. */
type Claimed = { click: ClickMessage; subscribers: Subscribers } | 'done' | 'return';

type SubscribersReader = ReturnType<typeof subscribersReader>;

/** Claims one record. @returns `return` when it goes back to the queue: only when surely nothing was posted */
async function claimRecord(record: SQSRecord, readSubscribers: SubscribersReader): Promise<Claimed> {
  const click = parseClick(record);
  if (!click) return 'done';
  let subscribers: Subscribers;
  try {
    // Before the claim: a click whose hooks can't be read is still nobody's, and may come back.
    subscribers = await readSubscribers(click);
  } catch (error) {
    logger.error('Hooks could not be read: the click goes back', {
      error: error as Error,
      click_id: click.click_id,
    });
    return 'return';
  }
  const claimed = await claim(click);
  if (claimed === 'post') return { click, subscribers };
  return claimed === 'return' ? 'return' : 'done';
}

/** Counts the clicks of a batch once all are claimed, beside their posts. */
async function countClaimed(claims: Promise<Claimed>[]): Promise<void> {
  const settled = await Promise.allSettled(claims);
  const values = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await countAll(values.flatMap((one) => (typeof one === 'string' ? [] : [one.click])));
}

/** The records of an event; what is no event of a queue has none. */
function recordsOf(event: SQSEvent | null): SQSRecord[] {
  if (Array.isArray(event?.Records)) return event.Records;
  logger.error('An event is not one of a queue: dropped');
  count('MessageMalformed');
  return [];
}

/** Posts a batch of clicks to their webhooks, all side by side, each once. Never throws. */
export async function handler(event: SQSEvent, context?: Context): Promise<SQSBatchResponse> {
  identifyLogs(context);
  const records = recordsOf(event);
  const sockets = openSockets();
  const readSubscribers = subscribersReader();
  const posts = poster(sockets);
  const claims = records.map((record) => claimRecord(record, readSubscribers));
  const counted = countClaimed(claims);
  const outcomes = await Promise.allSettled(
    claims.map(async (claim) => {
      const claimed = await claim;
      if (typeof claimed === 'string') return claimed;
      await posts.postAll(claimed.click, claimed.subscribers);
      return 'done';
    }),
  );
  posts.countOutcomes();
  await Promise.all([counted, sockets.close()]);
  const batchItemFailures = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected') {
      logger.error('A click was dropped', { error: outcome.reason as Error });
      count('ClickDropped');
    }
    const returned = outcome?.status === 'fulfilled' && outcome.value === 'return';
    return returned ? [{ itemIdentifier: record.messageId }] : [];
  });
  if (batchItemFailures.length > 0) count('ClickReturned', batchItemFailures.length);
  return { batchItemFailures };
}
