import { Validations } from 'aws-cdk-lib';
import type { ClickQueue } from './click-queue.ts';
import type { HttpEntry } from './http-api.ts';
import type { Tables } from './tables.ts';

/** The findings of cdk-nag's AwsSolutions pack that are decisions, each with its reason. */
export function acknowledgeFindings(
  _stack: object,
  { tables, clicks, http }: { tables: Tables; clicks: ClickQueue; http: HttpEntry },
): void {
  Validations.of(clicks.queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'No dead-letter queue: the product promises that a webhook is posted at most once and never retried.',
  });
  Validations.of(tables.claims).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'Claims are worth nothing after a day: a backup of them could only bring dead ones back.',
  });
  Validations.of(http).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Short links are public; management routes check their API key in the function, in every form clients use.',
  });
}
