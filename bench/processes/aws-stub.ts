/**
 * Replaces DynamoDB and SQS in a separate process, so that their work does not count as the function's. Responds after
 * fixed delays, counts requests by operation, and knows one link with its webhooks.
 */
import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { StubRequest, StubSettings, StubStarted } from '../aws-stub.ts';

const { delaysMs, link, hooks, certificate }: StubSettings = JSON.parse(process.argv[2] ?? '');
let requests: Record<string, number> = {};

type Body = { Key?: { pk: { S: string } }; MessageBody?: string } & Record<string, unknown>;

/** The items of a partition as the tables would have them. Unknown partitions are empty. */
function itemOf(pk: string | undefined): object {
  return pk?.startsWith('SLUG#') ? { Item: link } : {};
}

function queried(body: Body): object {
  const values = body.ExpressionAttributeValues as Record<string, { S: string }>;
  const items = values[':owner']?.S.startsWith('LINK#') ? hooks : [];
  return { Items: items, Count: items.length };
}

const ANSWERS: Record<string, (body: Body) => object> = {
  GetItem: ({ Key }) => itemOf(Key?.pk.S),
  Query: queried,
  PutItem: () => ({}),
  UpdateItem: () => ({ Attributes: { clicks_total: { N: '1' }, human_clicks_total: { N: '1' } } }),
  SendMessage: ({ MessageBody = '' }) => ({
    MessageId: '00000000-0000-4000-8000-000000000000',
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }),
};

/**
 * Timers have a resolution of a millisecond and fire late. The last two milliseconds are a busy loop, on a core that
 * the function does not use.
 */
function at(timeMs: number, done: () => void): void {
  const spin = () => (performance.now() >= timeMs ? done() : setImmediate(spin));
  const restMs = timeMs - performance.now();
  if (restMs <= 0) done();
  else if (restMs <= 2) spin();
  else setTimeout(spin, restMs - 2);
}

const answerRequest: RequestListener = async (request, response) => {
  const startedAtMs = performance.now();
  const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
  const body = JSON.parse(await text(request)) as Body;
  requests[operation] = (requests[operation] ?? 0) + 1;
  const answer = JSON.stringify(ANSWERS[operation]?.(body) ?? {});
  const delayMs = service === 'AmazonSQS' ? delaysMs.sqs : delaysMs.dynamoDb;
  at(startedAtMs + delayMs, () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
  });
};

const server = certificate ? createTlsServer(certificate, answerRequest) : createServer(answerRequest);

process.on('message', (request: StubRequest) => {
  process.send?.(requests);
  if (request === 'counts-and-reset') requests = {};
});
process.on('disconnect', () => process.exit(0));

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const started: StubStarted = { port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
  process.send?.(started);
});
