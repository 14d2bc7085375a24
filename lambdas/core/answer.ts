import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ClientError, RateLimited } from './errors.ts';

/** What a route answers: any JSON value, or a text of another type, and its status. */
export type ApiAnswer = { status: number; headers?: Record<string, string> } & (
  | { body: unknown }
  | { text: string; type: string }
);

/** An answer of the API that no cache keeps. */
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

/** An error that the client can mend, as the body of an answer. */
export function errorBody(error: ClientError) {
  if (error instanceof RateLimited) {
    const { code, message, usage, limit } = error;
    return { error: code, code, message, current_usage: usage, limit };
  }
  const errors = error.fields ? { errors: error.fields } : {};
  return { error: error.message, code: error.code, ...errors };
}

/** The answer to an error that the client can mend. */
export function clientErrorAnswer(error: ClientError, headers?: Record<string, string>) {
  const retry = error instanceof RateLimited ? { 'retry-after': String(error.retryAfterSeconds) } : {};
  return apiAnswer({ status: error.status, body: errorBody(error), headers: retry }, headers);
}
