import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as sdkDynamoDb from '@aws-sdk/client-dynamodb';
import * as sdkSqs from '@aws-sdk/client-sqs';
import * as sdkDocuments from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { DynamoDBClient } from '../../../../lambdas/redirect/lean-sdk/client-dynamodb.ts';
import { SendMessageCommand, SQSClient } from '../../../../lambdas/redirect/lean-sdk/client-sqs.ts';
import { endpointOf } from '../../../../lambdas/redirect/lean-sdk/endpoint.ts';
import {
  DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
} from '../../../../lambdas/redirect/lean-sdk/lib-dynamodb.ts';
import { runs } from '../../../full-runs.ts';

type Received = { headers: IncomingHttpHeaders; body: string };

let server: Server;
let url: string;
let received: Received[];
const CREDENTIALS = {
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'example/of+a=secret',
  sessionToken: 'example-token//==',
};
let clients: { lean: any[]; sdk: any[] };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, body });
    const { MessageBody = '' } = JSON.parse(body);
    const answer = { MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'), MessageId: 'm' };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_SQS: url,
    AWS_LAMBDA_FUNCTION_NAME: 'redirect',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
  });
  const options = { marshallOptions: { removeUndefinedValues: true } };
  clients = {
    lean: [DynamoDBDocumentClient.from(new DynamoDBClient()), new SQSClient()],
    sdk: [
      sdkDocuments.DynamoDBDocumentClient.from(new sdkDynamoDb.DynamoDBClient(), options),
      new sdkSqs.SQSClient(),
    ],
  };
});

afterAll(() => {
  for (const one of [...clients.lean, ...clients.sdk]) one.destroy();
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  received = [];
});

const textOf = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength });
const value = fc.oneof(
  textOf(30),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(textOf(5), { maxLength: 3 }),
);
const key = fc.record({ pk: textOf(60), sk: textOf(10) });
const get = fc
  .record({ TableName: fc.constantFrom('main', 'clicks'), Key: key, ConsistentRead: fc.boolean() })
  .map((input) => [0, 'GetCommand', input] as const);
const update = fc
  .record({
    TableName: fc.constant('clicks'),
    Key: key,
    UpdateExpression: fc.constant('ADD attempts :by SET #ttl = :ttl'),
    ConditionExpression: textOf(20),
    ExpressionAttributeNames: fc.constant({ '#ttl': 'ttl' }),
    ExpressionAttributeValues: fc.dictionary(fc.stringMatching(/^:\w{1,6}$/), value, {
      minKeys: 1,
      maxKeys: 4,
    }),
  })
  .map((input) => [0, 'UpdateCommand', input] as const);
const send = fc
  .record({
    QueueUrl: fc.constant('/111122223333/clicks'),
    MessageBody: textOf(300),
    MessageGroupId: textOf(10),
  })
  .map((input) => [1, 'SendMessageCommand', { ...input, QueueUrl: url + input.QueueUrl }] as const);

const LEAN: Record<string, any> = { GetCommand, UpdateCommand, SendMessageCommand };
const SDK: Record<string, any> = { ...sdkDocuments, ...sdkSqs };

class Sha256 {
  private readonly hash;
  constructor(secret?: any) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: any): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

/** The Authorization header that AWS's own signer gives a request that was received, at the time that it names. */
async function signedByAws({ headers, body }: Received, service: string): Promise<string> {
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const at = String(headers['x-amz-date']).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const signer = new SignatureV4({
    service,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    sha256: Sha256 as never,
    applyChecksum: false,
  });
  const [hostname = ''] = String(headers.host).split(':');
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname,
    path: '/',
    query: {},
    headers: { ...signed, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    body,
  };
  const { headers: theirs } = await signer.sign(request as never, {
    signingDate: new Date(at),
    unsignableHeaders: new Set(['x-amz-content-sha256']),
  });
  return theirs.authorization ?? '';
}

test('a request has the SDK’s body to the byte, and the Authorization of AWS’s own signer', async () => {
  const property = fc.asyncProperty(fc.oneof(get, update, send), async ([client, command, input]) => {
    received = [];
    await clients.lean[client].send(new LEAN[command](input));
    await clients.sdk[client].send(new SDK[command](input));
    const [ours, theirs] = received as [Received, Received];
    expect(ours.body).toBe(theirs.body);
    for (const name of [
      'content-type',
      'x-amz-target',
      'x-amzn-trace-id',
      'x-amz-security-token',
      'x-amzn-query-mode',
    ])
      expect([name, ours.headers[name]]).toEqual([name, theirs.headers[name]]);
    expect(ours.headers.authorization).toBe(await signedByAws(ours, client === 0 ? 'dynamodb' : 'sqs'));
  });
  await fc.assert(property, { numRuns: runs(2_000, 200) });
});

describe('the endpoint', () => {
  const within = <T>(AWS_REGION: string, more: Record<string, string> = {}, read: () => T): T => {
    const before = { ...process.env };
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SQS'])
      delete process.env[name];
    Object.assign(process.env, { AWS_REGION, ...more });
    try {
      return read();
    } finally {
      Object.assign(process.env, before);
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    }
  };

  const at = (name: string, more?: Record<string, string>) =>
    within(name, more, () => endpointOf('dynamodb'));

  test.each([
    'us-east-1',
    'eu-central-1',
    'ap-southeast-7',
    'il-central-1',
    'mx-central-1',
    'us-gov-west-1',
    'cn-north-1',
  ])('of the region %s is the SDK’s', (name) => {
    const { config } = new sdkDynamoDb.DynamoDBClient({ region: name });
    const asked = { Region: name, UseFIPS: false, UseDualStack: false };
    const theirs = config.endpointProvider(asked, {}).url.origin;
    expect(at(name)).toEqual(theirs);
  });

  test.each(['us-iso-east-1', 'us-isob-east-1', 'eusc-de-east-1', 'moon-1', 'eu-west-1.evil.example'])(
    'of %s, whose partition has no rule here, is an error that says what to do',
    (name) => {
      expect(() => at(name)).toThrow(/-c redirectSdk=full/);
      // A function creates its client when it starts.
      expect(() => within(name, {}, () => new DynamoDBClient())).toThrow(/-c redirectSdk=full/);
    },
  );

  test('that the environment names comes first', () => {
    expect(at('moon-1', { AWS_ENDPOINT_URL: 'http://localhost:1/x' })).toBe('http://localhost:1');
  });
});
