import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Hook } from '../core/hook.ts';
import { count, logger } from '../core/telemetry.ts';
import { postAgent } from './connection.ts';
import { claim, hookReader, parseClick, poster } from './deliver-click.ts';
import { POST_DEADLINE_MS } from './post.ts';

/** What one record needs from its batch. */
type Batch = { readHooks: ReturnType<typeof hookReader>; postAll: ReturnType<typeof poster> };

/** Delivers one record. @returns whether it goes back to the queue: only when surely nothing was posted */
async function deliver(record: SQSRecord, batch: Batch): Promise<'done' | 'return'> {
  const click = parseClick(record);
  if (!click) return 'done';
  let hooks: Hook[];
  try {
    // Before the claim: a click whose hooks can't be read is still nobody's, and may come back.
    hooks = await batch.readHooks(click);
  } catch (error) {
    logger.error('Hooks could not be read: the click goes back', {
      error: error as Error,
      click_id: click.click_id,
    });
    return 'return';
  }
  const claimed = await claim(click);
  if (claimed === 'return') return 'return';
  if (claimed === 'post') await batch.postAll(click, hooks);
  return 'done';
}

/** Posts a batch of clicks to their webhooks, all side by side, each once. Never throws. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const agent = postAgent(POST_DEADLINE_MS);
  const batch: Batch = { readHooks: hookReader(), postAll: poster(agent) };
  const outcomes = await Promise.allSettled(event.Records.map((record) => deliver(record, batch)));
  await agent.destroy();
  const batchItemFailures = event.Records.flatMap((record, index) => {
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
