import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ClickMessage } from '../core/click-message.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { count, logger } from '../core/telemetry.ts';

/** A visitor never waits longer than this for the queue. */
const SEND_BUDGET_MS = 300;

// Lives as long as the function instance. One attempt: a lost click is counted, a visitor never waits.
const sqs = new SQSClient({ maxAttempts: 1 });

/** Rejects when the signal aborts. The SDK ends a request by it, but not all that comes before one. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Puts a click on the queue within 300 ms; a loss is logged and counted, never thrown. */
export async function queueClick(click: ClickMessage): Promise<void> {
  const abortSignal = AbortSignal.timeout(SEND_BUDGET_MS);
  try {
    const sent = sqs.send(
      new SendMessageCommand({
        QueueUrl: requiredEnv(ENV.clicksQueueUrl),
        MessageBody: JSON.stringify(click),
        // A group on a standard queue is a tenant of its fair queue, not an order.
        MessageGroupId: String(click.workspace_id),
      }),
      { abortSignal },
    );
    await Promise.race([sent, aborted(abortSignal)]);
  } catch (error) {
    logger.error('A click was lost: the queue did not take it', {
      error: error as Error,
      link_id: click.link_id,
    });
    count('ClickLost');
  }
}
