import { Aws, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Tables } from '../tables.ts';
import type { Watched } from './alarms.ts';
import { accountMetric, counted, POST_FAILURE_REASONS, postsFailed } from './metrics.ts';

export type ClickDashboardProps = Watched & { api: HttpApi; tables: Tables; alarms: IAlarm[] };

const TEXT = `# Clickhook
The path of a click, from left to right and from top to bottom: it arrives, is queued, waits, is claimed and is delivered.
Every alarm has a section with its name in docs/operate.md.`;

/** Half of the dashboard's width. `right` has its own axis. */
const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: 12, height: 6 });

const perSecond = (id: string, label: string, counts: IMetric) =>
  new MathExpression({ label, expression: `${id} / PERIOD(${id})`, usingMetrics: { [id]: counts } });

const duration = (watched: Watched['redirect'], percent: number) =>
  watched.metricDuration({ statistic: Stats.percentile(percent), label: `p${percent}, ms` });

function comingIn({ redirect, queue, api }: ClickDashboardProps): GraphWidget[] {
  const redirects = redirect.metricInvocations();
  return [
    graph('Clicks: requests to links and messages to the queue, per second', [
      perSecond('requests', 'Requests to links', redirects),
      perSecond('queued', 'Clicks queued', queue.metricNumberOfMessagesSent()),
    ]),
    graph('Responses of the gateway: client errors and server errors (prefetches are 503 too)', [
      api.metricClientError({ label: '4xx' }),
      api.metricServerError({ label: '5xx' }),
    ]),
    graph('Redirect: duration', [duration(redirect, 50), duration(redirect, 99)]),
    graph('Redirect: failures', [
      redirect.metricErrors({ label: 'Errors' }),
      redirect.metricThrottles({ label: 'Throttles' }),
      counted('RequestFailed'),
      counted('LinkReadFailed'),
      counted('PasswordUnchecked'),
    ]),
    graph('Redirect: lost clicks and lost details', [
      counted('ClickLost'),
      counted('SettingsReadFailed'),
      counted('EnrichmentFailed'),
      counted('GeoUnavailable'),
    ]),
  ];
}

function goingOut({ deliver, queue }: ClickDashboardProps): GraphWidget[] {
  return [
    graph(
      'Queue: clicks that wait or are being delivered, and the age of the oldest',
      [
        queue.metricApproximateNumberOfMessagesVisible({ label: 'Waiting' }),
        queue.metricApproximateNumberOfMessagesNotVisible({ label: 'In delivery' }),
      ],
      [queue.metricApproximateAgeOfOldestMessage({ label: 'Age, s' })],
    ),
    graph(
      'Deliver: duration of a batch, and batches in parallel',
      [duration(deliver, 50), duration(deliver, 99)],
      [
        deliver.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM, label: 'In parallel' }),
        deliver.metricErrors({ label: 'Errors' }),
      ],
    ),
    graph('Deliveries by outcome, and webhooks removed after 410 Gone', [
      counted('PostDelivered'),
      counted('PostRefused'),
      ...POST_FAILURE_REASONS.map(postsFailed),
      counted('HookRemoved'),
      counted('HookNotRemoved'),
    ]),
    graph('Claims: duplicates, and clicks that could not be claimed, read or understood', [
      counted('ClickDuplicate'),
      counted('ClaimAmbiguous'),
      counted('ClickReturned'),
      counted('ClickDropped'),
      counted('MessageMalformed'),
      counted('ClickUncounted'),
    ]),
  ];
}

function below({ redirect, deliver, api, tables, answersFailed }: ClickDashboardProps): GraphWidget[] {
  const statistic = Stats.MAXIMUM;
  return [
    graph(
      'Lambda: throttles, and the concurrency that the account uses',
      [
        accountMetric('Throttles', { statistic: Stats.SUM, label: 'Throttles of the account' }),
        deliver.metricThrottles({ label: 'Throttles of deliver' }),
      ],
      [accountMetric('ClaimedAccountConcurrency', { statistic, label: 'Concurrency in use' })],
    ),
    graph(
      'DynamoDB: units read and written, and throttles',
      [
        tables.main.metricConsumedReadCapacityUnits({ label: 'Main: read' }),
        tables.main.metricConsumedWriteCapacityUnits({ label: 'Main: written' }),
        tables.clicks.metricConsumedWriteCapacityUnits({ label: 'Clicks: written' }),
      ],
      [
        tables.main.metric('ReadThrottleEvents', { statistic: Stats.SUM, label: 'Main: reads throttled' }),
        tables.clicks.metric('WriteThrottleEvents', {
          statistic: Stats.SUM,
          label: 'Clicks: writes throttled',
        }),
      ],
    ),
    graph(
      'API and pages: calls, and failed responses',
      [
        new MathExpression({
          label: 'Calls',
          expression: 'requests - redirects',
          usingMetrics: { requests: api.metricCount(), redirects: redirect.metricInvocations() },
        }),
      ],
      [answersFailed],
    ),
  ];
}

/** The path of a click in graphs. At most 50 metrics, so that it can be one of the three free dashboards. */
export class ClickDashboard extends Construct {
  constructor(scope: Construct, props: ClickDashboardProps) {
    super(scope, 'ClickDashboard');
    const dashboard = new Dashboard(this, 'Dashboard', {
      // Dashboard names are unique in the account, in all regions together.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
    });
    dashboard.addWidgets(
      new TextWidget({ markdown: TEXT, width: 24, height: 3 }),
      new AlarmStatusWidget({ title: 'Alarms', alarms: props.alarms, width: 24, height: 3 }),
    );
    dashboard.addWidgets(...comingIn(props), ...goingOut(props), ...below(props));
  }
}
