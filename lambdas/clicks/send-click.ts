import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ENV, requiredEnv } from '../env.ts';
import type { ClickMessage } from './click-message.ts';

/**
 * A click as the text of a message. SQS takes what XML takes: JSON escapes control characters and lone surrogates by
 * itself, but not the two non-characters U+FFFE and U+FFFF.
 */
export function messageBody(click: ClickMessage): string {
  return JSON.stringify(click).replace(/[\ufffe\uffff]/g, (one) =>
    one === '\uffff' ? '\\uffff' : '\\ufffe',
  );
}

/**
 * Puts a click on the queue: the one way there, for clicks of visitors and of tests.
 * @throws what the client throws when the queue did not take it, or when the signal aborts
 */
export async function sendClick(
  sqs: SQSClient,
  click: ClickMessage,
  abortSignal: AbortSignal,
): Promise<void> {
  const message = new SendMessageCommand({
    QueueUrl: requiredEnv(ENV.clicksQueueUrl),
    MessageBody: messageBody(click),
    // A group on a standard queue is a tenant of its fair queue, not an order.
    MessageGroupId: String(click.workspace_id),
  });
  await sqs.send(message, { abortSignal });
}
