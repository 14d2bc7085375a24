import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ClientError, type FieldErrors, RateLimited } from '../errors.ts';

/** The response of an endpoint: a status with a JSON value, or with text of another type. */
export type ApiAnswer = { status: number; headers?: Record<string, string> } & (
  | { body: unknown }
  | { text: string; type: string }
);

/** A response of the API. Caches must not store it. */
export function apiAnswer(
  answer: ApiAnswer,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const [type, body] =
    'text' in answer ? [answer.type, answer.text] : ['application/json', JSON.stringify(answer.body)];
  return {
    statusCode: answer.status,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...answer.headers,
      ...headers,
    },
    body,
  };
}

/** An error as the body of a response. */
export type ErrorBody = { error: string; code: string; errors?: FieldErrors };

/** An error that the client can fix, as the body of a response. */
export function errorBody(error: ClientError): ErrorBody {
  if (error instanceof RateLimited) {
    const { code, message, usage, limit } = error;
    const rate = { message, current_usage: usage, limit };
    return { error: code, code, ...rate };
  }
  const errors = error.fields ? { errors: error.fields } : {};
  return { error: error.message, code: error.code, ...errors };
}

/** The response to an error that the client can fix. */
export function clientErrorAnswer(error: ClientError, headers?: Record<string, string>) {
  const retry = error instanceof RateLimited ? { 'retry-after': String(error.retryAfterSeconds) } : {};
  return apiAnswer({ status: error.status, body: errorBody(error), headers: retry }, headers);
}
