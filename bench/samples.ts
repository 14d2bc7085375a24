import { marshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { CLICK_MESSAGE_VERSION, type ClickMessage, clickedLink } from '../lambdas/clicks/click.ts';
import { ulidOf } from '../lambdas/clicks/identity.ts';
import { hookId } from '../lambdas/hooks/hook.ts';
import { type Link, newLink } from '../lambdas/links/link.ts';
import { linkItem } from '../lambdas/links/link-items.ts';
import { partition, sort } from '../lambdas/table.ts';

const SHORT_URL = 'https://links.example.com/sale';
const DESTINATION = 'https://example.com/landing-page';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/** A stored link of workspace 1 at /sale. */
export function benchLink(fields: Partial<Link> = {}): Link {
  const identity = { id: 1, workspace_id: 1, slug: '/sale', url: DESTINATION };
  return { ...newLink(identity, {}, '2026-01-01T00:00:00.000Z'), ...fields };
}

/** Its item in DynamoDB's own notation. */
export const dynamoDbItem = (link: Link): object => marshall(linkItem(link), { removeUndefinedValues: true });

/** Items of webhooks of the link, in DynamoDB's own notation. */
export function hookItems(urls: string[]): object[] {
  const pk = partition.link(1);
  return urls.map((url) => {
    const hook_id = hookId(pk, url);
    return marshall({ pk, sk: sort.hook(hook_id), hook_id, url, created_at: '2026-01-01T00:00:00.000Z' });
  });
}

/** A phone opens a short link, in the event format of the HTTP API. */
export function clickEvent(path = '/sale'): APIGatewayProxyEventV2 {
  const http = { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '8.8.8.8', userAgent: PHONE };
  return {
    version: '2.0',
    routeKey: 'GET /{slug+}',
    rawPath: path,
    rawQueryString: 'utm_source=newsletter',
    headers: {
      host: 'links.example.com',
      'user-agent': PHONE,
      referer: 'https://news.example.com/',
      'accept-language': 'en-GB,en;q=0.9',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'bench',
      domainName: 'links.example.com',
      domainPrefix: 'links',
      http,
      requestId: 'bench',
      routeKey: 'GET /{slug+}',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: Date.UTC(2026, 0, 1),
    },
    isBase64Encoded: false,
  };
}

/** A click on the queue, of a link of workspace 1. */
export function sampleMessage(linkId = 1): ClickMessage {
  const link = benchLink({ id: linkId });
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id: link.id,
    workspace_id: link.workspace_id,
    expiry_clicks: null,
    counted: true,
    rule: null,
    payload: {
      event: 'click',
      timestamp: '2026-01-01T00:00:00.123456Z',
      link: clickedLink(link, SHORT_URL, DESTINATION),
      click: {
        id: ulidOf(Date.now()),
        country: 'US',
        is_eu_country: false,
        platform: 'ios',
        browser_name: 'Safari',
        referer: 'https://news.example.com/',
        isp: 'Example Network',
        bot_name: null,
        destination: DESTINATION,
        params: { utm_source: 'newsletter' },
      },
    },
  };
}

/** A batch of clicks of one link, or of several in turn, in the event format of SQS. */
export function batchEvent(records: number, links = 1): SQSEvent {
  const Records = Array.from({ length: records }, (_, index) => ({
    messageId: crypto.randomUUID(),
    receiptHandle: String(index),
    body: JSON.stringify(sampleMessage(1 + (index % links))),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:Clicks',
    awsRegion: 'eu-west-1',
  }));
  return { Records };
}
