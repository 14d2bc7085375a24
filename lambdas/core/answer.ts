import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ClientError } from './errors.ts';

/** What a route answers: any JSON value and its status. */
export type ApiAnswer = { status: number; body: unknown };

/** A JSON answer that no cache keeps. */
export function jsonAnswer(
  { status, body }: ApiAnswer,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** The answer to an error that the client can mend. */
export function clientErrorAnswer(error: ClientError, headers?: Record<string, string>) {
  const errors = error.fields ? { errors: error.fields } : {};
  return jsonAnswer(
    { status: error.status, body: { error: error.message, code: error.code, ...errors } },
    headers,
  );
}
