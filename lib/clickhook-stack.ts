import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '../lambdas/core/env.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { ClickPath } from './click-path.ts';
import { ClickQueue } from './click-queue.ts';
import { HttpEntry } from './http-api.ts';
import { Management } from './management.ts';
import { Tables } from './tables.ts';

const DEFAULT_DELIVER_CONCURRENCY = 5;
const MIN_EDGE_SECRET_LENGTH = 16;

/**
 * All of Clickhook. Context: `deliverConcurrency` (2 to 1,000, default 5), `baseUrl` (default: the API's own),
 * `edgeSecret` (when a CDN of yours stands in front).
 */
export class ClickhookStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const http = new HttpEntry(this);
    const baseUrl: string = this.node.tryGetContext('baseUrl') ?? http.api.apiEndpoint;
    const ownOrigins = { [ENV.baseUrl]: baseUrl, [ENV.apiEndpoint]: http.api.apiEndpoint };
    const tables = new Tables(this);
    const clicks = new ClickQueue(this);
    const clickPath = new ClickPath(this, {
      tables,
      clicks,
      baseUrl,
      ownOrigins,
      edgeSecret: this.edgeSecret(),
      deliverConcurrency: this.deliverConcurrency(),
    });
    const management = new Management(this, { tables, clicks, ownOrigins });
    http.addRoutes({ ...management.functions, Redirect: clickPath.redirect });
    new CfnOutput(this, 'Url', { description: 'Where links and the API are served', value: baseUrl });
    acknowledgeFindings(this, { tables, clicks, http });
  }

  private edgeSecret(): string | undefined {
    const value: unknown = this.node.tryGetContext('edgeSecret');
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length >= MIN_EDGE_SECRET_LENGTH) return value;
    throw new Error(`The context edgeSecret must be at least ${MIN_EDGE_SECRET_LENGTH} characters long`);
  }

  private deliverConcurrency(): number {
    const value = Number(this.node.tryGetContext('deliverConcurrency') ?? DEFAULT_DELIVER_CONCURRENCY);
    if (Number.isInteger(value) && value >= 2 && value <= 1_000) return value;
    throw new Error('The context deliverConcurrency must be a whole number from 2 to 1000');
  }
}
