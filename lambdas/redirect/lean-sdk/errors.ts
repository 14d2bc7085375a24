import type { IncomingHttpHeaders } from 'node:http';

/** What an error response of AWS becomes: the SDK's name, message and metadata. */
export type ServiceError = Error & {
  $fault: 'client' | 'server';
  $metadata: { httpStatusCode: number; clockSkewCorrected?: true };
};

const THROTTLES = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const TRANSIENT_NAMES = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);
const TRANSIENT_STATUSES = new Set([500, 502, 503, 504]);
const TRANSIENT_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const CLOCK_SKEWS = new Set([
  'AccessDeniedException',
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** Whether a request may succeed when it is sent again, by the rules of the SDK's standard retries. */
export function retryKind(error: any): 'throttling' | 'transient' | undefined {
  const status = error.$metadata?.httpStatusCode;
  if (status === 429 || THROTTLES.has(error.name) || error.$retryable?.throttling) return 'throttling';
  if (error.name === 'AbortError') return undefined;
  const isTransient =
    error.$retryable !== undefined ||
    error.$metadata?.clockSkewCorrected ||
    TRANSIENT_NAMES.has(error.name) ||
    TRANSIENT_CODES.has(error.code) ||
    TRANSIENT_STATUSES.has(status);
  return isTransient ? 'transient' : undefined;
}

/** Whether AWS may have rejected a request because of the clock. */
export const isClockSkew = (error: any) => CLOCK_SKEWS.has(error.name);

/** The name in `com.amazonaws.sqs#QueueDoesNotExist` and `QueueDoesNotExist:http://…`. */
const shortName = (type: unknown) => String(type).replace(/^.*#/, '').split(':')[0] || 'Unknown';

/**
 * The error that a response with a status of 300 or more stands for.
 * @throws SyntaxError, with the metadata, when its body is no JSON
 */
export function serviceError(status: number, headers: IncomingHttpHeaders, text: string): ServiceError {
  const metadata = { $metadata: { httpStatusCode: status } };
  let body: Record<string, any>;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw Object.assign(error as Error, metadata);
  }
  const [queryCode] = String(headers['x-amzn-query-error'] ?? '').split(';');
  const type = headers['x-amzn-errortype'] ?? body.__type ?? body.code ?? queryCode;
  const error = new Error(body.message ?? body.Message ?? 'UnknownError');
  const $fault = status < 500 ? 'client' : 'server';
  return Object.assign(error, { name: shortName(type || 'Unknown'), $fault, ...metadata }) as ServiceError;
}
