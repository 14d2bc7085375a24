import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { accountMetric, counted } from './metrics.ts';

/** What alarms watch. */
export type Watched = { redirect: IFunction; deliver: IFunction; queue: IQueue; answersFailed: IMetric };

/** An alarm. It rings when the metric is at or above the threshold in all of the last `periods`. */
export type AlarmDefinition = {
  /** Its entry in docs/operate.md has this name. */
  name: string;
  /** What it means when it rings, in a sentence. */
  meaning: string;
  metric: IMetric;
  threshold: number;
  periods: number;
  /** Whether too few samples for a percentile leave the alarm as it is. */
  needsSamples?: true;
};

const ONE_MINUTE = { period: Duration.minutes(1) };

/** What visitors feel: woken up for. */
function redirectAlarms({ redirect, answersFailed }: Watched): AlarmDefinition[] {
  return [
    {
      // The handler never throws: an error of the function is a crash, a time-out or a bundle that does not load.
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
      // One that is throttled is a visitor who gets nowhere.
      name: 'RedirectThrottled',
      meaning:
        'Lambda has no room for the redirect function, and visitors get an error instead of their page.',
      metric: redirect.metricThrottles(ONE_MINUTE),
      threshold: 1,
      periods: 1,
    },
    {
      // A single one comes with a passing failure of DynamoDB, and the visitor's next try succeeds.
      name: 'LinkReadsFailed',
      meaning: 'Links can not be read, and visitors get the page that says to try again.',
      metric: counted('LinkReadFailed'),
      threshold: 5,
      periods: 1,
    },
    {
      // A warm redirect takes tens of milliseconds and a cold start less than a second; the budgets of its read,
      // its settings and its send add up to 1.5 s.
      name: 'RedirectSlow',
      meaning: 'One visitor in a hundred waits a second or more for the redirect.',
      metric: redirect.metricDuration({ statistic: Stats.percentile(99) }),
      threshold: 1_000,
      periods: 3,
      needsSamples: true,
    },
    {
      name: 'AnswersFailed',
      meaning: 'Calls of the API are answered with a 5xx, or their function crashes or times out.',
      metric: answersFailed,
      threshold: 5,
      periods: 1,
    },
  ];
}

/** What webhooks feel: clicks late or lost. */
function deliveryAlarms({ deliver, queue }: Watched): AlarmDefinition[] {
  return [
    {
      name: 'ClicksLost',
      meaning: 'The queue did not take clicks, and no webhook will hear of them; their visitors went on.',
      metric: counted('ClickLost'),
      threshold: 1,
      periods: 1,
    },
    {
      // The queue forgets after an hour: ten minutes leave fifty to do something about it.
      name: 'QueueAge',
      meaning: 'Clicks wait ten minutes and more for their webhooks; after an hour they are gone.',
      metric: queue.metricApproximateAgeOfOldestMessage({ ...ONE_MINUTE, statistic: Stats.MAXIMUM }),
      threshold: 600,
      periods: 5,
    },
    {
      // The handler never throws. Whatever it had claimed by then is lost to its webhooks.
      name: 'DeliverErrors',
      meaning: 'The deliver function crashes or times out, and clicks that it had claimed reach no webhook.',
      metric: deliver.metricErrors(),
      threshold: 1,
      periods: 1,
    },
    {
      // Posts end after 5 s and Lambda ends all after 10 s.
      name: 'DeliverSlow',
      meaning: 'Deliveries take 8 s and more of the 10 s after which Lambda ends them.',
      metric: deliver.metricDuration({ statistic: Stats.MAXIMUM }),
      threshold: 8_000,
      periods: 2,
    },
    {
      // Each of these has had its tries: a few come with a passing failure of DynamoDB.
      name: 'ClicksNotPosted',
      meaning:
        'Clicks are dropped, or go back to the queue, because they can not be claimed, read or understood.',
      metric: new MathExpression({
        label: 'Clicks not posted',
        // SUM leaves out what is missing, where a + b would be missing too.
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

/** What the account gives: these ring for whatever else runs in it too. */
function accountAlarms(): AlarmDefinition[] {
  const statistic = Stats.MAXIMUM;
  return [
    {
      name: 'FunctionsThrottled',
      meaning: 'Lambda has no room for functions of this account and region: the API, or another stack.',
      metric: accountMetric('Throttles', { statistic: Stats.SUM, label: 'Throttles of the account' }),
      threshold: 1,
      periods: 3,
    },
    {
      name: 'ConcurrencyHigh',
      meaning: 'Four fifths of what Lambda lets this account and region run at once are taken.',
      metric: new MathExpression({
        ...ONE_MINUTE,
        label: 'Concurrency taken, %',
        // The quota of an account is known through the metric that Service Quotas ties to it, and that is not
        // the one that counts reserved concurrency as taken.
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
