import { GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { rejectDirectAccess } from '../edge.ts';
import { ClientError, notFound, Unavailable, unauthorized } from '../errors.ts';
import { hashApiKey } from '../keys/key.ts';
import { partition, sort, table, tableName } from '../table.ts';
import { identifyLogs } from '../telemetry.ts';
import { type ApiAnswer, apiAnswer, clientErrorAnswer } from './answer.ts';
import { countCall, namedWorkspaces, presentedKey } from './authentication.ts';
import { type ApiEvent, bodyParser } from './body.ts';
import type { Endpoint, Reference } from './endpoint.ts';
import { assertPercentEncodesUtf8 } from './form.ts';
import { assertNoOptions, assertSentOnce, parseBody } from './input.ts';
import { serviceErrorAnswer } from './service-errors.ts';

/** One authenticated call. `workspaceId` is the workspace of the key, the only one that the call may access. */
export type ApiCall = {
  workspaceId: number;
  /** The SHA-256 hash of the key of this call. */
  keySha256: string;
  path: Record<string, string | undefined>;
  /** The body as the client sent it. */
  sent: unknown;
  /** The gateway's id of this call. */
  requestId: string;
  /** Milliseconds until Lambda stops the function. */
  remainingMs: () => number;
};

/** The function responds this long before Lambda would stop it, even if its work is unfinished. */
const LAST_ANSWER_MS = 500;

const deadline = {
  timeoutEarlyInMillis: LAST_ANSWER_MS,
  timeoutEarlyResponse: (): never => {
    throw new Unavailable('The function ran out of time before the call was finished');
  },
};

/** Rejects requests that bypass the CDN before it reads anything else. */
const edgeGuard = {
  before: ({ event }: middy.Request<ApiEvent>): void => {
    const closed = rejectDirectAccess(event.headers);
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
  // Errors of the body parsers: the JSON is malformed, or it contains a forbidden name.
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return clientErrorAnswer(
      new ClientError(
        400,
        'malformed_body',
        'The body is not valid JSON. Check its quotes, commas and brackets.',
      ),
    );
  }
  return serviceErrorAnswer(error, {
    requestId: event.requestContext.requestId,
    writes: event.requestContext.http.method !== 'GET',
  });
}

/**
 * The type of a part of the call after its schema has parsed it; undefined if the endpoint declares no schema for it.
 */
type Input<E, Part extends 'query' | 'body'> = E extends {
  reference: { [P in Part]: infer Schema extends z.ZodType };
}
  ? z.output<Schema>
  : undefined;

/** A call of an endpoint. Its query and body have passed the declared schemas. */
export type Call<E extends Endpoint> = ApiCall & { query: Input<E, 'query'>; body: Input<E, 'body'> };

/** @throws ClientError 422 that says what to change */
function inputOf(
  { query, body, checksBody }: Partial<Reference>,
  parameters: URLSearchParams,
  sent: unknown,
) {
  const schema = body instanceof z.ZodOptional ? body.unwrap() : body;
  if (schema instanceof z.ZodObject) assertNoOptions(parameters, schema);
  // A blank parameter counts as missing, because clients send every field of a form.
  const given = Object.fromEntries([...parameters].filter(([, value]) => value !== ''));
  return {
    query: query && parseBody(query, given),
    body:
      schema && !checksBody
        ? parseBody(schema as z.ZodType, schema === body ? sent : (sent ?? {}))
        : undefined,
  };
}

/**
 * Creates the handler of an endpoint. It rejects requests that bypass the CDN, checks the key and the input, and
 * returns all errors in the same format.
 * @param respond receives an authenticated call with checked input, and returns a status and a JSON value
 */
export function handle<E extends Endpoint>(endpoint: E, respond: (call: Call<E>) => Promise<ApiAnswer>) {
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
        sent: apiEvent.body,
        requestId: event.requestContext.requestId,
        remainingMs: () => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
      };
      const parameters = new URLSearchParams(event.rawQueryString);
      assertSentOnce(parameters);
      const input = inputOf(endpoint.reference ?? {}, parameters, call.sent);
      return apiAnswer(await respond({ ...call, ...input } as Call<E>));
    });
}
