import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Count } from '../../lambdas/telemetry.ts';

/** The namespace of the counts of lambdas/telemetry.ts. */
const NAMESPACE = 'Clickhook';

/** The name of the count that comes from the gateway's access log. */
export const ANSWER_FAILED = 'AnswerFailed';

/** Why deliveries fail: the values of the only dimension of `PostFailed`. */
export const POST_FAILURE_REASONS = ['dns', 'connect', 'tls', 'timeout', 'status'] as const;

/** How often something was counted in five minutes, as lambdas/telemetry.ts counts it. */
export function counted(name: Exclude<Count, 'PostFailed'>): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: name,
    dimensionsMap: { service: 'clickhook' },
    statistic: Stats.SUM,
    label: name,
  });
}

/** How many deliveries failed for a reason. The metric line has only this dimension. */
export function postsFailed(reason: (typeof POST_FAILURE_REASONS)[number]): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: 'PostFailed' satisfies Count,
    dimensionsMap: { reason },
    statistic: Stats.SUM,
    label: `PostFailed: ${reason}`,
  });
}

/** A metric that Lambda keeps for the whole account and region. */
export function accountMetric(metricName: string, options: MetricOptions): Metric {
  return new Metric({ namespace: 'AWS/Lambda', metricName, period: Duration.minutes(1), ...options });
}

/**
 * Counts unintended failures: the gateway got no response from a function, or an API call got a 5xx. The gateway's own
 * metric counts every 5xx, including those with which the redirect answers prefetches.
 */
export function failedAnswers(scope: Construct, accessLog: ILogGroup): Metric {
  const filter = new MetricFilter(scope, ANSWER_FAILED, {
    logGroup: accessLog,
    filterPattern: FilterPattern.literal(
      '{ ($.status = "5*") && (($.gatewayError != "-") || ($.route = "*/api*")) }',
    ),
    metricNamespace: NAMESPACE,
    metricName: ANSWER_FAILED,
  });
  return filter.metric({ statistic: Stats.SUM, label: ANSWER_FAILED });
}
