import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { SettingMissing } from '../env.ts';
import { Unavailable } from '../errors.ts';
import { logger } from '../telemetry.ts';
import { apiAnswer, type ErrorBody } from './answer.ts';

/** What an error is told of the call that it ended. */
export type FailedCall = {
  /** The gateway's id of the call, as in the access log and on every log line of the function. */
  requestId: string;
  /** Whether the call may have changed something before it ended. */
  writes: boolean;
};

/** AWS answers these with status 400, although the same request may be fine a moment later. */
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

/** AWS refuses the request, whenever it comes: permissions, names and values are wrong. */
const LASTING_REFUSALS =
  /^(AccessDenied|CredentialsProvider|InvalidSignature|ResourceNotFound|Serialization|UnrecognizedClient|Validation)/;

/** Errors of the language: a bug, whatever it says. */
const BUGS = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

/**
 * Whether an error comes back when the call is repeated: a bug, a missing setting or permission, a request that AWS
 * finds invalid. Throttles, time-outs, broken connections and faults of AWS pass.
 */
export function isLasting(error: unknown): boolean {
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

/** An error that the client can't fix, as the body of an answer, and logged. It says nothing of the reason. */
export function serviceErrorBody(error: unknown, { requestId, writes }: FailedCall): ErrorBody {
  logger.error('A request failed', { error: error as Error });
  if (isLasting(error)) {
    const sentence = `The service has a fault, and trying again does not help: send the request id ${requestId} to its operator.`;
    const maybe = 'What you sent may or may not have been saved.';
    return { error: writes ? `${sentence} ${maybe}` : sentence, code: 'internal_error' };
  }
  const sentence = writes
    ? 'The service is busy. What you sent may or may not have been saved: check before you try again.'
    : 'The service is busy: try again in a few seconds.';
  return { error: sentence, code: 'unavailable' };
}

/** The answer to an error that the client can't fix: 503 when it may be gone the next time, else 500. */
export function serviceErrorAnswer(error: unknown, call: FailedCall): APIGatewayProxyStructuredResultV2 {
  const body = serviceErrorBody(error, call);
  if (body.code === 'unavailable') return apiAnswer({ status: 503, body }, { 'retry-after': '2' });
  return apiAnswer({ status: 500, body });
}
