import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import { type ClickQueue, DELIVER_TIMEOUT } from './click-queue.ts';
import { ClickhookFunction } from './function.ts';
import type { PublicAddress } from './public-address.ts';
import type { Settings } from './settings.ts';
import { grantItems } from './table-grants.ts';
import type { Tables } from './tables.ts';

/**
 * Memory of the two functions, and with it their share of a processor. Decision 22 has the measurements: with less, a
 * visitor waits longer for the redirect, and a batch with many webhooks comes close to their deadline.
 */
export const CLICK_MEMORY_MB = { redirect: 1024, deliver: 768 };

export type ClickPathProps = {
  tables: Tables;
  clicks: ClickQueue;
  address: PublicAddress;
  /** The addresses of this stack, by variable. Deliveries must never go there. */
  ownOrigins: Record<string, string>;
  settings: Pick<Settings, 'deliverConcurrency' | 'redirectConcurrency' | 'clickRetentionDays'>;
};

/** The path of a click: redirect puts it on the queue, and deliver sends it to the webhooks. */
export class ClickPath extends Construct {
  readonly redirect: ClickhookFunction;
  readonly deliver: ClickhookFunction;

  constructor(scope: Construct, props: ClickPathProps) {
    super(scope, 'ClickPath');
    const { tables, clicks, address, ownOrigins, settings } = props;
    const { deliverConcurrency, redirectConcurrency, clickRetentionDays } = settings;
    const { queue } = clicks;
    this.redirect = new ClickhookFunction(this, 'Redirect', {
      entry: 'redirect/handler.ts',
      handler: 'handler',
      description: 'Sends visitors to the destination of a short link and queues the click',
      memorySize: CLICK_MEMORY_MB.redirect,
      ...(redirectConcurrency ? { reservedConcurrentExecutions: redirectConcurrency } : {}),
      sourceMaps: false,
      environment: {
        [ENV.tableName]: tables.main.tableName,
        [ENV.clicksTableName]: tables.clicks.tableName,
        [ENV.baseUrl]: address.baseUrl,
        ...address.edge,
        ...address.edgeOnly,
      },
    });
    grantItems(this.redirect, tables.main.tableArn, [
      { actions: ['GetItem'], keys: ['SLUG#*', 'WORKSPACE#*', 'DOMAIN#*'] },
    ]);
    grantItems(this.redirect, tables.clicks.tableArn, [{ actions: ['UpdateItem'], keys: ['PASSWORD#*'] }]);
    clicks.grantSend(this.redirect);

    this.deliver = new ClickhookFunction(this, 'Deliver', {
      entry: 'deliver/handler.ts',
      handler: 'handler',
      description: 'Delivers clicks to the webhooks of their link and workspace, once',
      memorySize: CLICK_MEMORY_MB.deliver,
      timeout: DELIVER_TIMEOUT,
      environment: {
        [ENV.tableName]: tables.main.tableName,
        [ENV.clicksTableName]: tables.clicks.tableName,
        [ENV.clickRetentionDays]: String(clickRetentionDays),
        ...ownOrigins,
      },
    });
    grantItems(this.deliver, tables.main.tableArn, [
      { actions: ['Query'], keys: ['LINK#*', 'WORKSPACE#*'] },
      { actions: ['GetItem'], keys: ['SECRETS#*'] },
      { actions: ['UpdateItem'], keys: ['LINK#*', 'SLUG#*'] },
      // A webhook that answers 410 Gone is removed.
      { actions: ['DeleteItem'], keys: ['LINK#*', 'WORKSPACE#*'] },
    ]);
    grantItems(this.deliver, tables.clicks.tableArn, [
      { actions: ['PutItem'], keys: ['CLICK#*', 'SAMPLE#*'] },
    ]);
    // Deliver reads messages of the version before, but the redirect of the version before writes no later one. So a
    // deployment updates deliver first.
    this.redirect.node.addDependency(this.deliver);
    this.deliver.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        maxConcurrency: deliverConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}
