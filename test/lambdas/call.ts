import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { KEY } from './engine-table.ts';
import { httpEvent, type RequestOptions } from './http-event.ts';

/** Calls a management function as the gateway does. `json` becomes the body, and `context` is Lambda's. */
export async function call(
  handler: (event: any, context: any) => Promise<unknown>,
  {
    json,
    key = KEY,
    headers = {},
    context = {},
    ...options
  }: RequestOptions & { json?: unknown; key?: string; context?: object } = {},
): Promise<{ status: number; body: any; headers: Record<string, unknown> }> {
  const event = httpEvent({
    ...options,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  const answer = (await handler(event, context)) as APIGatewayProxyStructuredResultV2;
  return {
    status: answer.statusCode ?? 0,
    body: JSON.parse(answer.body ?? 'null'),
    headers: answer.headers ?? {},
  };
}
