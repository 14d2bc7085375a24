import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceError } from './errors.ts';
import { abortError } from './http.ts';

// The SDK's standard retries: @smithy/core, service-error-classification and retries-2026-config.

/** What the retries of a client may cost before there are no more. Each success gives some back. */
export const CAPACITY = 500;
export const COST = { transient: 14, throttling: 5 };

/** The longest pause before the second attempt, after a throttle. */
export const THROTTLED_PAUSE_MS = 1_000;

const MAX_PAUSE_MS = 20_000;
/** A service may ask for a pause that is longer than the drawn one by at most this. */
const MAX_LONGER_MS = 5_000;

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

/** A request that was held up after it was signed, such as by a freeze. It is signed again. */
const isExpired = ({ name, message }: Error) =>
  name === 'InvalidSignatureException' && message.includes('Signature expired');

/** Whether a request may succeed when it is sent again, by the rules of the SDK. */
export function retryKind(error: any): 'throttling' | 'transient' | undefined {
  const status = error.$metadata?.httpStatusCode;
  if (status === 429 || THROTTLES.has(error.name) || error.$retryable?.throttling) return 'throttling';
  if (error.name === 'AbortError') return undefined;
  const isTransient =
    error.$retryable !== undefined ||
    error.$metadata?.clockSkewCorrected ||
    TRANSIENT_NAMES.has(error.name) ||
    TRANSIENT_CODES.has(error.code) ||
    TRANSIENT_STATUSES.has(status) ||
    isExpired(error);
  return isTransient ? 'transient' : undefined;
}

/** How long a service asks to wait; NaN when it does not. */
function askedMs({ $response }: ServiceError): number {
  const { 'retry-after': after, 'x-amz-retry-after': ms } = $response?.headers ?? {};
  if (after === undefined) return Number(ms ?? Number.NaN);
  return Number.isNaN(Number(after)) ? Date.parse(after) - Date.now() : Number(after) * 1_000;
}

/**
 * The pause after a number of attempts, in milliseconds: a random one, unless the service asks for a longer one.
 * @param firstMs the longest pause after the first attempt
 */
export function pauseAfter(attempts: number, firstMs: number, error: ServiceError): number {
  const drawn = Math.floor(Math.random() * Math.min(firstMs * 2 ** (attempts - 1), MAX_PAUSE_MS));
  return Math.max(drawn, Math.min(askedMs(error) || 0, drawn + MAX_LONGER_MS));
}

/** @throws Error named AbortError when the signal aborts */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch {
    throw abortError();
  }
}
