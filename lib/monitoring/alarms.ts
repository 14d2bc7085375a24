import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { accountMetric, counted } from './metrics.ts';

/** The resources that alarms watch. */
export type Watched = { redirect: IFunction; deliver: IFunction; queue: IQueue; answersFailed: IMetric };

/** An alarm. It goes off when the metric is at or above the threshold in all of the last `periods`. */
export type AlarmDefinition = {
  /** The name of its section in docs/operate.md. */
  name: string;
  /** What the alarm means, in one sentence. */
  meaning: string;
  metric: IMetric;
  threshold: number;
  periods: number;
  /** Whether the alarm keeps its state when there are too few samples for a percentile. */
  needsSamples?: true;
};

const ONE_MINUTE = { period: Duration.minutes(1) };

/** Alarms for what visitors notice. They justify waking someone up. */
function redirectAlarms({ redirect, answersFailed }: Watched): AlarmDefinition[] {
  return [
    {
      // The handler never throws, so an error of the function is a crash, a time-out or a bundle that does not load.
      name: 'RedirectErrors',
      meaning:
        'The redirect function crashes, times out or cannot answer, and visitors get an error instead of their page.',
      metric: new MathExpression({
        label: 'Redirect errors',
        expression: 'SUM([errors, requests])',
        usingMetrics: { errors: redirect.metricErrors(), requests: counted('RequestFailed') },
      }),
      threshold: 1,
      periods: 1,
    },
    {
      // Each throttled request is a visitor who gets an error.
      name: 'RedirectThrottled',
      meaning:
        'Lambda has no room for the redirect function, and visitors get an error instead of their page.',
      metric: redirect.metricThrottles(ONE_MINUTE),
      threshold: 1,
      periods: 1,
    },
    {
      // A single failure can come from a temporary failure of DynamoDB, and the visitor's next try succeeds.
      name: 'LinkReadsFailed',
      meaning: 'Links cannot be read, and visitors get a page that asks them to try again.',
      metric: counted('LinkReadFailed'),
      threshold: 5,
      periods: 1,
    },
    {
      // A warm redirect takes tens of milliseconds, and a cold start takes less than a second. The time limits of its
      // read, its settings and its send add up to 1.5 s.
      name: 'RedirectSlow',
      meaning: 'One visitor in a hundred waits a second or more for the redirect.',
      metric: redirect.metricDuration({ statistic: Stats.percentile(99) }),
      threshold: 1_000,
      periods: 3,
      needsSamples: true,
    },
    {
      name: 'AnswersFailed',
      meaning: 'API calls get a 5xx response, or their function crashes or times out.',
      metric: answersFailed,
      threshold: 5,
      periods: 1,
    },
  ];
}

/** Alarms for what webhooks notice: clicks that are late or lost. */
function deliveryAlarms({ deliver, queue }: Watched): AlarmDefinition[] {
  return [
    {
      name: 'ClicksLost',
      meaning:
        'The queue did not accept clicks. No webhook receives them, but their visitors were redirected.',
      metric: counted('ClickLost'),
      threshold: 1,
      periods: 1,
    },
    {
      // The queue deletes messages after an hour. An alarm after ten minutes leaves fifty to act.
      name: 'QueueAge',
      meaning: 'Clicks wait ten minutes or longer for delivery. After an hour they are lost.',
      metric: queue.metricApproximateAgeOfOldestMessage({ ...ONE_MINUTE, statistic: Stats.MAXIMUM }),
      threshold: 600,
      periods: 5,
    },
    {
      // The handler never throws. Clicks that it has claimed before a crash are lost to their webhooks.
      name: 'DeliverErrors',
      meaning:
        'The deliver function crashes or times out, and the clicks that it has claimed reach no webhook.',
      metric: deliver.metricErrors(),
      threshold: 1,
      periods: 1,
    },
    {
      // Deliveries end after 5 s, and Lambda ends the invocation after 10 s.
      name: 'DeliverSlow',
      meaning: 'Batches take 8 s or longer. Lambda ends them after 10 s.',
      metric: deliver.metricDuration({ statistic: Stats.MAXIMUM }),
      threshold: 8_000,
      periods: 2,
    },
    {
      // Each of these has used up its tries. A few can come from a temporary failure of DynamoDB.
      name: 'ClicksNotPosted',
      meaning:
        'Clicks are dropped, or go back to the queue, because they cannot be claimed, read or understood.',
      metric: new MathExpression({
        label: 'Clicks not posted',
        // SUM ignores missing values, where a + b would be missing too.
        expression: 'SUM([ambiguous, returned, dropped, malformed])',
        usingMetrics: {
          ambiguous: counted('ClaimAmbiguous'),
          returned: counted('ClickReturned'),
          dropped: counted('ClickDropped'),
          malformed: counted('MessageMalformed'),
        },
      }),
      threshold: 5,
      periods: 1,
    },
  ];
}

/** Alarms for the limits of the account. Anything else that runs in the account can set them off too. */
function accountAlarms(): AlarmDefinition[] {
  const statistic = Stats.MAXIMUM;
  return [
    {
      name: 'FunctionsThrottled',
      meaning: 'Lambda throttles functions of this account and region: the API, or those of another stack.',
      metric: accountMetric('Throttles', { statistic: Stats.SUM, label: 'Throttles of the account' }),
      threshold: 1,
      periods: 3,
    },
    {
      name: 'ConcurrencyHigh',
      meaning: 'Functions use four fifths of the Lambda concurrency of this account and region.',
      metric: new MathExpression({
        ...ONE_MINUTE,
        label: 'Concurrency in use, %',
        // The quota of an account is only available through the metric that Service Quotas assigns to it. That is not
        // the metric that includes reserved concurrency.
        expression: '100 * claimed / SERVICE_QUOTA(running)',
        usingMetrics: {
          claimed: accountMetric('ClaimedAccountConcurrency', { statistic }),
          running: accountMetric('ConcurrentExecutions', { statistic }),
        },
      }),
      threshold: 80,
      periods: 3,
    },
  ];
}

/** All alarms, the most urgent first. */
export function alarmDefinitions(watched: Watched): AlarmDefinition[] {
  return [...redirectAlarms(watched), ...deliveryAlarms(watched), ...accountAlarms()];
}
