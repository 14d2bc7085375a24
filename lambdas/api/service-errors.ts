import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { SettingMissing } from '../env.ts';
import { Unavailable } from '../errors.ts';
import { logger } from '../telemetry.ts';
import { apiAnswer, type ErrorBody } from './answer.ts';

/** The call that an error ended. */
export type FailedCall = {
  /** The gateway's id of the call. It is in the access log and on every log line of the function. */
  requestId: string;
  /** Whether the call may have changed something before it failed. */
  writes: boolean;
};

/** AWS reports these with status 400, although the same request may succeed a moment later. */
const PASSING_REFUSALS = new Set([
  'ConditionalCheckFailedException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'RequestTimeoutException',
  'ThrottlingException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** AWS always rejects the request: permissions, names or values are wrong. */
const LASTING_REFUSALS =
  /^(AccessDenied|CredentialsProvider|InvalidSignature|ResourceNotFound|Serialization|UnrecognizedClient|Validation)/;

/** Errors of the language. They are always a bug. */
const BUGS = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

/**
 * Whether an error would happen again if the call is repeated: a bug, a missing setting or permission, or a request
 * that AWS finds invalid. Throttling, time-outs, broken connections and faults of AWS are temporary.
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof Unavailable) return false;
  if (!(error instanceof Error)) return true;
  const { name, $metadata, $fault, CancellationReasons } = error as Error & {
    $metadata?: { httpStatusCode?: number };
    $fault?: string;
    CancellationReasons?: { Code?: string }[];
  };
  if (CancellationReasons?.some(({ Code }) => Code === 'ValidationError')) return true;
  const status = $metadata?.httpStatusCode ?? 0;
  if (PASSING_REFUSALS.has(name) || status >= 500 || status === 429) return false;
  if (error instanceof SettingMissing || BUGS.some((bug) => error instanceof bug)) return true;
  return LASTING_REFUSALS.test(name) || status >= 400 || $fault === 'client';
}

/** The message of the log line about an answer with a 5xx. The alarm AnswersFailed counts these lines. */
export const REQUEST_FAILED = 'A request failed';

/**
 * Logs an error that the client cannot fix, and returns the body of the response. The body does not reveal the cause.
 */
export function serviceErrorBody(error: unknown, { requestId, writes }: FailedCall): ErrorBody {
  logger.error(REQUEST_FAILED, { error: error as Error });
  if (isPermanent(error)) {
    const sentence = `The service has a fault that a retry does not fix. Send the request id ${requestId} to its operator.`;
    const maybe = 'Your changes may or may not have been saved.';
    return { error: writes ? `${sentence} ${maybe}` : sentence, code: 'internal_error' };
  }
  const sentence = writes
    ? 'The service is busy. Your changes may or may not have been saved. Check before you try again.'
    : 'The service is busy. Try again in a few seconds.';
  return { error: sentence, code: 'unavailable' };
}

/** The response to an error that the client cannot fix: 503 when a retry may succeed, else 500. */
export function serviceErrorAnswer(error: unknown, call: FailedCall): APIGatewayProxyStructuredResultV2 {
  const body = serviceErrorBody(error, call);
  if (body.code === 'unavailable') return apiAnswer({ status: 503, body }, { 'retry-after': '2' });
  return apiAnswer({ status: 500, body });
}
