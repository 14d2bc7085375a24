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

/** One authenticated call: `workspaceId` is the key's own, and the only one it may touch. */
export type ApiCall = {
  workspaceId: number;
  /** SHA-256 of the key of this call. */
  keySha256: string;
  path: Record<string, string | undefined>;
  /** The body as it was sent. */
  sent: unknown;
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

/** What an endpoint's schema makes of a part of the call; undefined for a part that it does not declare. */
type Input<E, Part extends 'query' | 'body'> = E extends {
  reference: { [P in Part]: infer Schema extends z.ZodType };
}
  ? z.output<Schema>
  : undefined;

/** A call of an endpoint, with its query and its body checked against what is declared. */
export type Call<E extends Endpoint> = ApiCall & { query: Input<E, 'query'>; body: Input<E, 'body'> };

/** @throws ClientError 422 that says what to change */
function inputOf(
  { query, body, checksBody }: Partial<Reference>,
  parameters: URLSearchParams,
  sent: unknown,
) {
  const schema = body instanceof z.ZodOptional ? body.unwrap() : body;
  if (schema instanceof z.ZodObject) assertNoOptions(parameters, schema);
  // Blank parameters say nothing: clients send the fields of a form as they are.
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
 * Makes the handler of an endpoint: what comes past the CDN is refused, the key and the input are checked, and errors
 * are answered in one shape.
 * @param respond gets an authenticated call with checked input, and returns a status and a JSON value
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
