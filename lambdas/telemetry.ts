import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The structured log of this function instance. Never log an address, a query string or a key. */
export const logger = new Logger({ serviceName: 'clickhook' });

/**
 * Puts the ids of this invocation on all its log lines: `request_id` is Lambda's, as in its own lines and traces, and
 * `api_request_id` is the gateway's, as in the access log.
 */
export function identifyLogs(context: { awsRequestId: string } | undefined, apiRequestId?: string): void {
  logger.appendKeys({ request_id: context?.awsRequestId, api_request_id: apiRequestId });
}

const metrics = new Metrics({ namespace: 'Clickhook', serviceName: 'clickhook' });
// The warning about an empty flush is noise, because most invocations have nothing to count.
metrics.setThrowOnEmptyMetrics(false);

/** The names of all counts. Alarms and docs/operate.md refer to these names. */
export type Count =
  | 'ClickLost'
  | 'RequestFailed'
  | 'LinkReadFailed'
  | 'SettingsReadFailed'
  | 'EnrichmentFailed'
  | 'GeoUnavailable'
  | 'PasswordUnchecked'
  | 'AttemptNotReturned'
  | 'MessageMalformed'
  | 'ClickDuplicate'
  | 'ClaimAmbiguous'
  | 'ClickReturned'
  | 'ClickDropped'
  | 'ClickUncounted'
  | 'PostDelivered'
  | 'PostRefused'
  | 'PostFailed'
  | 'HookRemoved'
  | 'HookNotRemoved';

/**
 * Adds to a count and writes it at once, as one EMF line (no call leaves the function). The line has only the given
 * dimensions.
 */
export function count(name: Count, value = 1, dimensions: Record<string, string> = {}): void {
  const single = metrics.singleMetric();
  if (Object.keys(dimensions).length > 0) single.clearDefaultDimensions();
  for (const [dimension, dimensionValue] of Object.entries(dimensions)) {
    single.addDimension(dimension, dimensionValue);
  }
  single.addMetric(name, MetricUnit.Count, value);
}
