import { randomBytes, randomUUID } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, SQSEvent, SQSRecord } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../../local/intrinsics.ts';

// Events as AWS sends them: captured ones, with the values of the test.

/** The generated host of the API. */
export const API_ID = 'a1b2c3d4e5';
export const API_HOST = `${API_ID}.execute-api.${REGION}.amazonaws.com`;

/** A request, as a test describes it. The rest is what a browser sends. */
export type Request = {
  method: string;
  /** Decoded, without the query. */
  path: string;
  /** Raw, without the question mark. */
  query?: string | undefined;
  headers?: Record<string, string> | undefined;
  cookies?: string[] | undefined;
  body?: string | undefined;
};

/** The route that takes a request. */
export type Matched = { routeKey: string; pathParameters: Record<string, string> };

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
/** A public address with a known country and network. */
export const VISITOR = '8.8.8.8';

const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml))/i;

/** The gateway sends text as it is, and everything else, such as forms, as base64. */
function bodyFields(body: string | undefined, type: string | undefined) {
  if (body === undefined) return { isBase64Encoded: false };
  const isText = type === undefined || TEXT_TYPES.test(type);
  return isText
    ? { body, isBase64Encoded: false }
    : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}

/** `12/Mar/2020:19:03:58 +0000`, as in the gateway's access logs. */
function gatewayTime(now: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** An event of the HTTP API, payload format 2.0. What a request does not have is absent. */
export function gatewayEvent(
  { method, path, query = '', headers = {}, cookies, body }: Request,
  { routeKey, pathParameters }: Matched,
): APIGatewayProxyEventV2 {
  const now = new Date();
  const userAgent = headers['user-agent'] ?? CHROME;
  const parameters = Object.fromEntries(new URLSearchParams(query));
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies ? { cookies } : {}),
    headers: {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'accept-language': 'en-US,en;q=0.9',
      // Present even without a body.
      'content-length': String(Buffer.byteLength(body ?? '')),
      host: API_HOST,
      'user-agent': userAgent,
      'x-amzn-trace-id': `Root=1-${Math.floor(now.getTime() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`,
      'x-forwarded-for': VISITOR,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...headers,
    },
    ...(query ? { queryStringParameters: parameters } : {}),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: API_ID,
      domainName: API_HOST,
      domainPrefix: API_ID,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: VISITOR, userAgent },
      requestId: `${randomBytes(11).toString('base64').slice(0, 15)}=`,
      routeKey,
      stage: '$default',
      time: gatewayTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    ...bodyFields(body, headers['content-type']),
  };
}

function sqsRecord({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }: Message, queueArn: string) {
  const now = String(Date.now());
  return {
    messageId: MessageId ?? randomUUID(),
    receiptHandle: ReceiptHandle ?? randomBytes(24).toString('base64'),
    body: Body ?? '',
    attributes: {
      ApproximateReceiveCount: '1',
      AWSTraceHeader: `Root=1-00000000-${randomBytes(12).toString('hex')};Sampled=0`,
      SentTimestamp: now,
      SenderId: 'AROAEXAMPLE:Clickhook-Redirect',
      ApproximateFirstReceiveTimestamp: now,
      ...Attributes,
    },
    messageAttributes: {},
    md5OfBody: MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  } satisfies SQSRecord;
}

/** The event of an event source mapping with these messages. */
export const sqsEvent = (queueArn: string, messages: Message[]): SQSEvent => ({
  Records: messages.map((message) => sqsRecord(message, queueArn)),
});
