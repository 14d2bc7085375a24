import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { Webhook } from 'standardwebhooks';
import { NameUnresolved } from '../../../lambdas/deliver/egress.ts';
import type { Request } from '../../../lambdas/deliver/exchange.ts';
import type { Target } from '../../../lambdas/deliver/target.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { until } from '../until.ts';
import { batch, click } from './sample-click.ts';

/** Every POST that was written, and the responses to the next ones. This file opens no socket. */
const posts: { url: string; headers: Record<string, string>; body: string }[] = [];
let answer: () => Promise<number>;
let lookUp: () => void;

const opened = await import('../../../lambdas/deliver/sockets.ts');
jest.unstable_mockModule('../../../lambdas/deliver/sockets.ts', () => ({
  ...opened,
  openSockets: () => ({
    ...opened.openSockets(),
    lease: async (target: Target) => {
      lookUp();
      return target;
    },
    release: () => undefined,
    discard: () => undefined,
  }),
}));
jest.unstable_mockModule('../../../lambdas/deliver/exchange.ts', () => ({
  exchange: async ({ origin }: Target, { path, headers, body }: Request) => {
    posts.push({ url: origin + path, headers: standardHeadersOf(headers), body });
    return { status: await answer(), over: Promise.resolve(true) };
  },
}));
const { handler } = await import('../../../lambdas/deliver/handler.ts');

/** The headers of the Standard Webhooks specification, among names and values in turn. */
function standardHeadersOf(headers: string[]): Record<string, string> {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : []));
  return Object.fromEntries(pairs.filter(([name]) => name?.startsWith('webhook-')));
}

const table = mockClient(DynamoDBDocumentClient);
let written: () => string[];

beforeEach(() => {
  posts.length = 0;
  answer = async () => 204;
  lookUp = () => undefined;
  table.reset();
  written = capturedOutput();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  process.env.CLICKHOOK_TABLE_NAME = 'main';
  process.env.CLICKHOOK_CLICKS_TABLE_NAME = 'clicks';
  process.env.CLICKHOOK_CLICK_RETENTION_DAYS = '30';
  table.on(PutCommand).resolves({});
  table.on(GetCommand).resolves({});
  table.on(QueryCommand).resolves({ Items: [] });
  table.on(UpdateCommand).resolves({ Attributes: { clicks_total: 1 } });
  hooks('LINK#12345', 'https://a.example.com/link');
  hooks('WORKSPACE#1', 'https://b.example.com/workspace?secret=1');
});

afterEach(() => {
  jest.restoreAllMocks();
});

function hooks(owner: string, ...urls: string[]): void {
  const Items = urls.map((url, index) => ({ hook_id: url, url, created_at: `2025-01-0${index + 1}` }));
  table
    .on(QueryCommand, { ExpressionAttributeValues: { ':owner': owner, ':hook': 'HOOK#' } })
    .resolves({ Items });
}

const idOf = (number: number) => click(number).payload.click.id;
const counted = (name: string) => written().filter((line) => line.includes(`"${name}":`)).length;
const named = (name: string, extra: object = {}) => Object.assign(new Error(name), { name, ...extra });
const NOTHING_RETURNED = { batchItemFailures: [] };
const refused = (name: string, status = 400) => named(name, { $metadata: { httpStatusCode: status } });
const updates = () => table.commandCalls(UpdateCommand).map(({ args }) => args[0].input);

describe('a click', () => {
  test('is delivered to the webhooks of its link and of its workspace, byte for byte as it was queued', async () => {
    expect(await handler(batch(click()))).toEqual(NOTHING_RETURNED);
    expect(posts.map(({ url }) => url)).toEqual([
      'https://a.example.com/link',
      'https://b.example.com/workspace?secret=1',
    ]);
    for (const { body } of posts) expect(body).toBe(JSON.stringify(click().payload));
  });

  test('goes to the same URL twice when both levels have it', async () => {
    hooks('LINK#12345', 'https://same.example.com/');
    hooks('WORKSPACE#1', 'https://same.example.com/');
    await handler(batch(click()));
    expect(posts).toHaveLength(2);
  });

  test('without webhooks is claimed and done', async () => {
    hooks('LINK#12345');
    hooks('WORKSPACE#1');
    expect(await handler(batch(click()))).toEqual(NOTHING_RETURNED);
    expect(posts).toEqual([]);
  });

  test('is claimed and stored in one conditional write with a token, for the retention from its time', async () => {
    await handler(batch(click()));
    const puts = table.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(puts).toHaveLength(1);
    expect(puts[0]).toMatchObject({
      TableName: 'clicks',
      Item: {
        pk: expect.stringMatching(/^CLICK#1#2025-01#[0-3]$/),
        sk: click().payload.click.id,
        token: expect.any(String),
        ttl: Date.UTC(2025, 1, 14, 10, 30) / 1_000,
        link_id: 12345,
      },
      ConditionExpression: 'attribute_not_exists(pk) OR #token = :token',
    });
    expect(puts[0]?.ExpressionAttributeValues?.[':token']).toBe(puts[0]?.Item?.token);
  });

  test('that is a sample is claimed for a day, outside of the log', async () => {
    await handler(batch(click(1, { counted: false })));
    const [put] = table.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(put?.Item).toMatchObject({
      pk: 'SAMPLE#1',
      sk: click().payload.click.id,
      ttl: Date.UTC(2025, 0, 16, 10, 30) / 1_000,
    });
    expect(posts).toHaveLength(2);
  });

  test('reads the webhooks of an owner once for a whole batch, consistently', async () => {
    await handler(batch(click(1), click(2), click(3)));
    const reads = table.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(reads).toHaveLength(2);
    for (const read of reads) expect(read.ConsistentRead).toBe(true);
    expect(posts).toHaveLength(6);
  });

  test('with a hanging webhook delays no other', async () => {
    let release = (_status: number): void => undefined;
    const hanging = new Promise<number>((resolve) => {
      release = resolve;
    });
    answer = () => (posts.length === 1 ? hanging : Promise.resolve(204));
    const done = handler(batch(click(1), click(2)));
    await until(() => posts.length === 4);
    release(204);
    expect(await done).toEqual(NOTHING_RETURNED);
  });

  test('logs the host of a webhook and neither its path nor its query', async () => {
    await handler(batch(click()));
    const logged = JSON.stringify(jest.mocked(logger.info).mock.calls);
    expect(logged).toContain('b.example.com');
    expect(logged).not.toMatch(/secret|\/workspace/);
    expect(written().filter((line) => line.includes('"PostDelivered":2'))).toHaveLength(1);
  });
});

describe('a webhook', () => {
  const SLACK = 'https://hooks.slack.com/services/T0/B0/x';
  const removals = () => table.commandCalls(DeleteCommand).map(({ args }) => args[0].input);

  test('of a chat tool gets its message, written once for a click, and the others get the payload', async () => {
    hooks(
      'LINK#12345',
      SLACK,
      `${SLACK}y`,
      'https://a.example.com/?b=1&clickhook_format=slack',
      'https://c.example.com/',
    );
    await handler(batch(click()));
    const [first, second, third, ...others] = posts.map(({ body }) => body);
    expect([second, third]).toEqual([first, first]);
    expect(JSON.parse(first ?? '')).toHaveProperty('blocks');
    expect(posts[2]?.url).toBe('https://a.example.com/?b=1');
    expect(others).toEqual([JSON.stringify(click().payload), JSON.stringify(click().payload)]);
  });

  test('that answers 410 is removed after all deliveries, once, on condition that it is unchanged', async () => {
    hooks('WORKSPACE#1');
    answer = async () => {
      expect(removals()).toEqual([]);
      return 410;
    };
    await handler(batch(click(1), click(2)));
    expect(posts).toHaveLength(2);
    expect(removals()).toEqual([
      {
        TableName: 'main',
        Key: { pk: 'LINK#12345', sk: 'HOOK#https://a.example.com/link' },
        ConditionExpression: 'hook_id = :id AND created_at = :at',
        ExpressionAttributeValues: { ':id': 'https://a.example.com/link', ':at': '2025-01-01' },
      },
    ]);
    expect(counted('HookRemoved')).toBe(1);
  });

  test.each([[200], [301], [400], [401], [403], [404], [429], [500]])(
    'that answers %i stays',
    async (status) => {
      answer = async () => status;
      await handler(batch(click()));
      expect(posts).toHaveLength(2);
      expect(removals()).toEqual([]);
    },
  );

  test('that answers 410 and cannot be removed changes nothing else', async () => {
    answer = async () => 410;
    table.on(DeleteCommand).rejects(named('TimeoutError'));
    expect(await handler(batch(click()))).toEqual(NOTHING_RETURNED);
    expect([counted('HookNotRemoved'), counted('PostFailed')]).toEqual([2, 1]);
  });
});

describe('a signature', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const Key = { pk: 'SECRETS#1', sk: 'SECRETS' };

  test('is on every delivery of a workspace with a secret, which is read once for a batch', async () => {
    table.on(GetCommand, { Key }).resolves({ Item: { secret, created_at: '2025', previous: null } });
    await handler(batch(click(1), click(2)));
    expect(posts).toHaveLength(4);
    for (const { headers, body } of posts) new Webhook(secret).verify(body, headers);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    expect(table.commandCalls(GetCommand)).toHaveLength(1);
  });

  test('is of the message that a chat tool receives', async () => {
    hooks('LINK#12345', 'https://chat.googleapis.com/v1/spaces/A/messages?key=1');
    table.on(GetCommand, { Key }).resolves({ Item: { secret, created_at: '2025', previous: null } });
    await handler(batch(click()));
    expect(JSON.parse(posts[0]?.body ?? '')).toHaveProperty('cardsV2');
    for (const { headers, body } of posts) new Webhook(secret).verify(body, headers);
  });

  test('is on no delivery of a workspace without a secret', async () => {
    await handler(batch(click()));
    expect(posts).toHaveLength(2);
    for (const { headers } of posts)
      expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp']);
  });

  test('whose secret cannot be read sends the click back unclaimed and undelivered', async () => {
    table.on(GetCommand).rejects(named('ThrottlingException'));
    expect(await handler(batch(click()))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(table.commandCalls(PutCommand)).toEqual([]);
    expect(posts).toEqual([]);
  });
});

describe('the log of a batch', () => {
  const lines = () =>
    jest.mocked(logger.info).mock.calls.map(([message, details]) => ({ message, ...Object(details) }));

  test('has one line for each link, host and outcome, with how many deliveries and which clicks', async () => {
    await handler(batch(click(1), click(2)));
    const both = {
      link_id: click().link_id,
      deliveries: 2,
      click_ids: [idOf(1), idOf(2)],
    };
    const delivered = { message: 'Webhook delivered', status: 204, ...both };
    expect(lines()).toEqual([
      { ...delivered, host: 'a.example.com' },
      { ...delivered, host: 'b.example.com' },
    ]);
  });

  test('says of each failure which click it was and why', async () => {
    answer = () => Promise.resolve(posts.length === 1 ? 500 : 204);
    await handler(batch(click(1)));
    const ofClick = { deliveries: 1, click_ids: [idOf(1)] };
    expect(lines()).toEqual([
      expect.objectContaining({ message: 'Webhook failed', reason: 'status', status: 500, ...ofClick }),
      expect.objectContaining({ message: 'Webhook delivered', ...ofClick }),
    ]);
  });
});

test('deliveries that failed for the same reason are one metric of the invocation, with the reason as its only dimension', async () => {
  lookUp = () => {
    throw new NameUnresolved('No address');
  };
  await handler(batch(click(1), click(2)));
  const metrics = written().filter((line) => line.includes('"PostFailed":'));
  expect(metrics).toHaveLength(1);
  for (const line of metrics) {
    expect(JSON.parse(line)).toMatchObject({ reason: 'dns', PostFailed: 4 });
    expect(JSON.parse(line)._aws.CloudWatchMetrics[0].Dimensions).toEqual([['reason']]);
    expect(line).not.toMatch(/example\.com|click_id/);
  }
});

test('log lines carry the id of their invocation', async () => {
  const ids = jest.spyOn(logger, 'appendKeys');
  await handler(batch(click()), { awsRequestId: 'invocation-1' } as Context);
  expect(ids).toHaveBeenCalledWith(expect.objectContaining({ request_id: 'invocation-1' }));
});

describe('a claim', () => {
  test('that may have been written before it was throttled is ambiguous, and nothing is delivered', async () => {
    table
      .on(PutCommand)
      .rejectsOnce(named('TimeoutError'))
      .rejects(named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }));
    expect(await handler(batch(click()))).toEqual(NOTHING_RETURNED);
    expect([posts.length, counted('ClaimAmbiguous')]).toEqual([0, 1]);
  });

  test('that was written although its reply was lost wins at the second try, with the same token', async () => {
    table.on(PutCommand).rejectsOnce(named('TimeoutError')).resolves({});
    await handler(batch(click()));
    expect(posts).toHaveLength(2);
    const tokens = table.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.token);
    expect([tokens.length, new Set(tokens).size]).toEqual([2, 1]);
  });

  test('of one of two simultaneous attempts wins, and the other delivers nothing', async () => {
    const claimed = new Set<unknown>();
    table.on(PutCommand).callsFake(async ({ Item }) => {
      if (claimed.has(Item.pk + Item.sk)) throw named('ConditionalCheckFailedException');
      claimed.add(Item.pk + Item.sk);
      return {};
    });
    await Promise.all([handler(batch(click())), handler(batch(click(), click()))]);
    expect([posts.length, counted('ClickDuplicate')]).toEqual([2, 2]);
  });

  test.each([
    ['that is lost to another attempt', named('ConditionalCheckFailedException'), false, 'ClickDuplicate'],
    [
      'that was throttled',
      named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }),
      true,
      'ClickReturned',
    ],
    [
      'that was refused',
      named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }),
      true,
      'ClickReturned',
    ],
    ['that could not connect', named('Error', { code: 'ECONNREFUSED' }), true, 'ClickReturned'],
    ['that timed out', named('TimeoutError'), false, 'ClaimAmbiguous'],
    [
      'that was answered 500',
      named('InternalServerError', { $metadata: { httpStatusCode: 500 } }),
      false,
      'ClaimAmbiguous',
    ],
    ['whose connection broke', named('Error', { code: 'ECONNRESET' }), false, 'ClaimAmbiguous'],
  ])('%s delivers nothing', async (_title, error, comesBack, name) => {
    table.on(PutCommand).rejects(error);
    const batchItemFailures = comesBack ? [{ itemIdentifier: 'message-0' }] : [];
    expect(await handler(batch(click()))).toEqual({ batchItemFailures });
    expect(posts).toEqual([]);
    expect(counted(name)).toBe(1);
  });

  test('of one click that fails does not affect the others of its batch', async () => {
    const [lost, good] = [click(1), click(2)];
    table.on(PutCommand).callsFake(async (input) => {
      if (input.Item.sk === lost.payload.click.id) throw named('ConditionalCheckFailedException');
      return {};
    });
    await handler(batch(lost, good));
    expect(posts.map(({ body }) => JSON.parse(body).click.params.n)).toEqual(['2', '2']);
  });

  test('is not attempted when the webhooks cannot be read, and the click goes back', async () => {
    table.on(QueryCommand).rejects(named('ThrottlingException'));
    table
      .on(QueryCommand, { ExpressionAttributeValues: { ':owner': 'WORKSPACE#1', ':hook': 'HOOK#' } })
      .rejects(named('ThrottlingException'));
    expect(await handler(batch(click()))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(table.commandCalls(PutCommand)).toEqual([]);
    expect(posts).toEqual([]);
  });
});

/** A click with these details in place of its own. */
const withDetails = (details: object) => {
  const { payload, ...rest } = click();
  return { ...rest, payload: { ...payload, click: { ...payload.click, ...details } } };
};

describe('a message that is not a click', () => {
  test.each([
    ['is not JSON', '{'],
    ['is null', 'null'],
    ['has another version', { ...click(), version: 99 }],
    ['has no link id', { ...click(), link_id: undefined }],
    ['has no payload', { ...click(), payload: null }],
    ['has no click id', withDetails({ id: undefined })],
    ['has a click id that is no ULID', withDetails({ id: crypto.randomUUID() })],
    ['has no parameters', withDetails({ params: undefined })],
  ])('and %s is dropped and counted while the others are delivered', async (_title, bad) => {
    const nineGood = Array.from({ length: 9 }, (_, index) => click(index + 1));
    expect(await handler(batch(...nineGood.slice(0, 4), bad, ...nineGood.slice(4)))).toEqual(
      NOTHING_RETURNED,
    );
    expect(posts).toHaveLength(9 * 2);
    expect(counted('MessageMalformed')).toBe(1);
  });
});

test.each([null, undefined, {}, '', 'a text', 7, [], { Records: null }, { Records: 'x' }])(
  'an event that does not come from a queue is dropped and counted: %j',
  async (event) => {
    expect(await handler(event as never)).toEqual({ batchItemFailures: [] });
    expect(written().filter((line) => line.includes('"MessageMalformed":1'))).toHaveLength(1);
    expect(posts).toEqual([]);
  },
);

test('records that are not messages are dropped and counted, and delay no other click', async () => {
  const { Records } = batch(click(1));
  const event = { Records: [null, ...Records, 'x', {}, { messageId: 'm', body: null }] };
  expect(await handler(event as never)).toEqual({ batchItemFailures: [] });
  expect(written().filter((line) => line.includes('"MessageMalformed":1'))).toHaveLength(4);
  expect(posts.length).toBeGreaterThan(0);
});

describe('counts:', () => {
  test('a batch is counted with one write per link, on the main table', async () => {
    await handler(batch(click(1), click(2), click(3, { link_id: 7 })));
    expect(updates().map(({ TableName, Key }) => [TableName, Key?.pk, Key?.sk])).toEqual([
      ['main', 'LINK#12345', 'CLICKS'],
      ['main', 'LINK#7', 'CLICKS'],
    ]);
    expect(updates()[0]?.ExpressionAttributeValues).toMatchObject({ ':clicks_total': 2 });
  });

  test.each([
    ['a duplicate', refused('ConditionalCheckFailedException')],
    ['one whose claim was not written', refused('ThrottlingException')],
    ['one whose claim may be written', refused('InternalServerError', 500)],
  ])('%s is not counted; the others of its batch are', async (_title, error) => {
    table.on(PutCommand).callsFake(async ({ Item }) => {
      if (Item.sk === idOf(1)) throw error;
      return {};
    });
    await handler(batch(click(1), click(2), click(3)));
    expect(updates()).toMatchObject([
      { Key: { pk: 'LINK#12345' }, ExpressionAttributeValues: { ':clicks_total': 2 } },
    ]);
  });

  test('neither a message that is not a click nor a click whose webhooks could not be read is counted', async () => {
    table.reset();
    table.on(GetCommand).resolves({});
    table.on(QueryCommand).rejects(refused('ThrottlingException'));
    await handler(batch('{', click()));
    expect(updates()).toEqual([]);
  });

  test('a click without webhooks is counted too', async () => {
    hooks('LINK#12345');
    hooks('WORKSPACE#1');
    await handler(batch(click()));
    expect(posts).toEqual([]);
    expect(updates()).toHaveLength(1);
  });

  test('a hanging count delays no delivery', async () => {
    const counting = Promise.withResolvers<object>();
    table.on(UpdateCommand).callsFake(() => counting.promise);
    const done = handler(batch(click(1), click(2)));
    await until(() => posts.length === 4);
    counting.resolve({ Attributes: { clicks_total: 2 } });
    expect(await done).toEqual(NOTHING_RETURNED);
  });

  test('a hanging webhook delays no count', async () => {
    const hanging = Promise.withResolvers<number>();
    answer = () => hanging.promise;
    const done = handler(batch(click()));
    await until(() => updates().length === 1);
    hanging.resolve(204);
    expect(await done).toEqual(NOTHING_RETURNED);
  });

  test('a failed count is logged with its number of clicks; everything is delivered and nothing goes back', async () => {
    table.on(UpdateCommand).rejects(refused('ThrottlingException'));
    expect(await handler(batch(click(1), click(2)))).toEqual(NOTHING_RETURNED);
    expect(posts).toHaveLength(4);
    expect(written().filter((line) => line.includes('"ClickUncounted":2'))).toHaveLength(1);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  test('a click that reaches the limit of its link expires it', async () => {
    table.on(UpdateCommand).resolves({ Attributes: { clicks_total: 5, human_clicks_total: 5 } });
    await handler(batch(click(1, { expiry_clicks: 5 })));
    expect(updates().map(({ Key }) => Key?.pk)).toEqual(['LINK#12345', 'SLUG#-#/sale']);
  });

  test('a sample click is delivered and not counted', async () => {
    await handler(batch(click(1, { counted: false }), click(2)));
    expect(posts).toHaveLength(4);
    expect(updates()).toMatchObject([{ ExpressionAttributeValues: { ':clicks_total': 1 } }]);
  });
});
