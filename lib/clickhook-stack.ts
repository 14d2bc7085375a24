import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '../lambdas/env.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { ClickErasure } from './click-erasure.ts';
import { ClickPath } from './click-path.ts';
import { ClickQueue } from './click-queue.ts';
import { traceFunctions } from './function.ts';
import { HttpEntry } from './http-api.ts';
import { keepLogs } from './log-retention.ts';
import { Management } from './management.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { PublicAddress } from './public-address.ts';
import { readSettings } from './settings.ts';
import { Tables } from './tables.ts';

/** All of Clickhook, as configured by the context options in lib/settings.ts. */
export class ClickhookStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const settings = readSettings(this.node);
    const http = new HttpEntry(this, settings);
    const address = new PublicAddress(this, http, settings);
    const ownOrigins = { [ENV.baseUrl]: address.baseUrl, [ENV.apiEndpoint]: http.api.apiEndpoint };
    const tables = new Tables(this, settings);
    const clicks = new ClickQueue(this);
    const clickPath = new ClickPath(this, { tables, clicks, address, ownOrigins, settings });
    new ClickErasure(this, tables);
    const { edge, edgeOnly } = address;
    const management = new Management(this, { tables, clicks, ownOrigins, edge, edgeOnly });
    const stage = http.addRoutes(management.functions, clickPath.redirect);
    address.leadTo(http, stage);
    new Monitoring(this, { http, tables, clicks, clickPath, management, alarmEmail: settings.alarmEmail });
    if (settings.tracing) traceFunctions(this);
    keepLogs(this, settings.logRetentionDays);
    acknowledgeFindings({ clicks, http, address });
  }
}
