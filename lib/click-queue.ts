import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import type { ClickhookFunction } from './function.ts';

/** Deliver's timeout: 5 s for deliveries, plus time for reading and claiming. */
export const DELIVER_TIMEOUT = Duration.seconds(10);

/**
 * Clicks on their way to webhooks. The queue has no redrive policy, because the product promises that nothing is
 * retried.
 */
export class ClickQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct) {
    super(scope, 'ClickQueue');
    this.queue = new Queue(this, 'Clicks', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.hours(1),
      // Six times the consumer's timeout, AWS's own rule for event source mappings.
      visibilityTimeout: Duration.seconds(6 * DELIVER_TIMEOUT.toSeconds()),
    });
  }

  /** Lets a function put clicks on the queue, and sets the variable with the queue's URL. */
  grantSend(sender: ClickhookFunction): void {
    sender.addEnvironment(ENV.clicksQueueUrl, this.queue.queueUrl);
    sender.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }
}
