import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '../lambdas/core/env.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { ClickPath } from './click-path.ts';
import { ClickQueue } from './click-queue.ts';
import { HttpEntry } from './http-api.ts';
import { keepLogs } from './log-retention.ts';
import { Management } from './management.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { readSettings } from './settings/settings.ts';
import { Tables } from './tables.ts';

/** All of Clickhook, as the options of the context say: lib/settings. */
export class ClickhookStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const settings = readSettings(this.node);
    const { edgeSecret, deliverConcurrency, redirectConcurrency, alarmEmail } = settings;
    const http = new HttpEntry(this);
    const baseUrl = settings.baseUrl ?? http.api.apiEndpoint;
    const ownOrigins = { [ENV.baseUrl]: baseUrl, [ENV.apiEndpoint]: http.api.apiEndpoint };
    const tables = new Tables(this, settings.deletionProtection);
    const clicks = new ClickQueue(this);
    const clickPath = new ClickPath(this, {
      tables,
      clicks,
      baseUrl,
      ownOrigins,
      edgeSecret,
      deliverConcurrency,
      redirectConcurrency,
    });
    const management = new Management(this, { tables, clicks, ownOrigins });
    http.addRoutes({ ...management.functions, Redirect: clickPath.redirect });
    new Monitoring(this, { http, tables, clicks, clickPath, alarmEmail });
    new CfnOutput(this, 'Url', { description: 'Where links and the API are served', value: baseUrl });
    keepLogs(this, settings.logRetentionDays);
    acknowledgeFindings(this, { tables, clicks, http });
  }
}
