import { GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ApiAnswer, apiAnswer, clientErrorAnswer } from './answer.ts';
import { hashApiKey, namedWorkspaces, presentedKey } from './api-key.ts';
import { type ApiEvent, bodyParser } from './body.ts';
import { assertPercentEncodesUtf8 } from './body-text.ts';
import { closedAddress } from './edge.ts';
import { ENV, requiredEnv } from './env.ts';
import { ClientError, notFound, Unavailable, unauthorized } from './errors.ts';
import { assertSentOnce } from './input.ts';
import { countCall } from './rate-limit.ts';
import { serviceErrorAnswer } from './service-errors.ts';
import { partition, sort, tableClient } from './table.ts';
import { identifyLogs } from './telemetry.ts';

/** The main table, for management functions. Kept while the function instance lives. */
export const table = tableClient();

/** Name of the main table. */
export const tableName = () => requiredEnv(ENV.tableName);

/** One authenticated call: `workspaceId` is the key's own, and the only one it may touch. */
export type ApiCall = {
  workspaceId: number;
  /** SHA-256 of the key of this call. */
  keySha256: string;
  path: Record<string, string | undefined>;
  query: URLSearchParams;
  body: unknown;
  /** The gateway's id of the call. */
  requestId: string;
  /** Milliseconds until Lambda ends the function, whatever it is doing. */
  remainingMs: () => number;
};

/** The function answers this long before its end, whatever it is waiting for. */
const LAST_ANSWER_MS = 500;

const deadline = {
  timeoutEarlyInMillis: LAST_ANSWER_MS,
  timeoutEarlyResponse: (): never => {
    throw new Unavailable('The call was unfinished when the function had to end');
  },
};

/** Refuses what comes past the CDN, before anything of it is read. */
const edgeGuard = {
  before: ({ event }: middy.Request<ApiEvent>): void => {
    const closed = closedAddress(event.headers);
    if (closed) throw closed;
  },
};

async function authenticate(
  event: APIGatewayProxyEventV2,
  body: unknown,
): Promise<Pick<ApiCall, 'workspaceId' | 'keySha256'>> {
  const key = presentedKey(event, body);
  if (!key) throw unauthorized();
  const keySha256 = hashApiKey(key);
  countCall(keySha256);
  const { Item } = await table.send(
    new GetCommand({
      TableName: tableName(),
      Key: { pk: partition.key(keySha256), sk: sort.key },
      ConsistentRead: true,
    }),
  );
  if (!Item) throw unauthorized();
  const workspaceId: number = Item.workspace_id;
  if (namedWorkspaces(event, body).some((id) => id !== String(workspaceId))) throw notFound();
  return { workspaceId, keySha256 };
}

function errorAnswer(error: unknown, event: ApiEvent): APIGatewayProxyStructuredResultV2 {
  if (error instanceof ClientError) return clientErrorAnswer(error);
  // The body parsers' own errors: the client's JSON is broken or holds a forbidden name.
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return clientErrorAnswer(
      new ClientError(
        400,
        'malformed_body',
        'The body is not valid JSON: check its quotes, commas and brackets.',
      ),
    );
  }
  return serviceErrorAnswer(error, {
    requestId: event.requestContext.requestId,
    writes: event.requestContext.http.method !== 'GET',
  });
}

/**
 * Makes a management function of a route: what comes past the CDN refused, body parsed, key checked, errors answered in one shape.
 * The route gets an authenticated call and returns a status and a JSON value.
 */
export function api(route: (call: ApiCall) => Promise<ApiAnswer>) {
  return middy<ApiEvent, APIGatewayProxyStructuredResultV2>(deadline)
    .use({
      before: ({ event, context }: middy.Request<ApiEvent, APIGatewayProxyStructuredResultV2>) => {
        identifyLogs(context, event.requestContext.requestId);
      },
      onError: (request: middy.Request<ApiEvent, APIGatewayProxyStructuredResultV2>) => {
        request.response = errorAnswer(request.error, request.event);
      },
    } as middy.MiddlewareObj<ApiEvent, APIGatewayProxyStructuredResultV2>)
    .use(edgeGuard)
    .use(bodyParser)
    .handler(async (apiEvent, context) => {
      const event = apiEvent as APIGatewayProxyEventV2;
      assertPercentEncodesUtf8(event.rawQueryString, 'The query');
      const call: ApiCall = {
        ...(await authenticate(event, apiEvent.body)),
        path: event.pathParameters ?? {},
        query: new URLSearchParams(event.rawQueryString),
        body: apiEvent.body,
        requestId: event.requestContext.requestId,
        remainingMs: () => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
      };
      assertSentOnce(call.query);
      return apiAnswer(await route(call));
    });
}
