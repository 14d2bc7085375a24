import { SQSClient } from '@aws-sdk/client-sqs';
import { type ClickMessage, sendClick } from '../clicks/click.ts';
import { withFreshSockets } from '../fresh-sockets.ts';
import { count, logger } from '../telemetry.ts';

/** A visitor never waits longer than this for the queue. */
const SEND_BUDGET_MS = 300;

/** An answer takes some 10 ms. A kept-alive socket that is silent for so long is dead: the rest is for a fresh one. */
const SILENCE_MS = 100;

// Lives as long as the function instance. A click that arrives twice is posted once, so that a second try is safe.
const sqs = withFreshSockets(new SQSClient({ maxAttempts: 2 }), { afterSilenceMs: SILENCE_MS });

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
    await Promise.race([sendClick(sqs, click, abortSignal), aborted(abortSignal)]);
  } catch (error) {
    logger.error('A click was lost: the queue did not take it', {
      error: error as Error,
      link_id: click.link_id,
    });
    count('ClickLost');
  }
}
