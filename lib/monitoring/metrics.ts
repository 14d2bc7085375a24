import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { REQUEST_FAILED } from '../../lambdas/api/service-errors.ts';
import type { Count } from '../../lambdas/telemetry.ts';
import type { ClickhookFunction } from '../function.ts';

/** The namespace of the counts of lambdas/telemetry.ts. */
const NAMESPACE = 'Clickhook';

/** The name of the count that comes from the logs of the API's functions. */
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

/** A line of the functions about an answer with a 5xx, or a line of Lambda's about an invocation that failed. */
const FAILED_ANSWER = `{ ($.message = "${REQUEST_FAILED}") || (($.type = "platform.report") && ($.record.status != "success")) }`;

/**
 * Counts API calls that get a 5xx response, or none because the function crashed or timed out. The gateway's own metric
 * counts every 5xx, including those with which the redirect answers prefetches.
 */
export function failedAnswers(scope: Construct, functions: Record<string, ClickhookFunction>): Metric {
  for (const [id, { logGroup }] of Object.entries(functions)) {
    new MetricFilter(scope, `${ANSWER_FAILED}${id}`, {
      logGroup,
      filterPattern: FilterPattern.literal(FAILED_ANSWER),
      metricNamespace: NAMESPACE,
      metricName: ANSWER_FAILED,
    });
  }
  return new Metric({
    namespace: NAMESPACE,
    metricName: ANSWER_FAILED,
    statistic: Stats.SUM,
    label: ANSWER_FAILED,
  });
}
