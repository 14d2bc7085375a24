import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { hashPassword } from '../../../lambdas/links/password-hash.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { httpEvent, type RequestOptions } from '../http-event.ts';
import { counted, handler, link, messages, prepareEachTest, table } from './services.ts';

prepareEachTest();

const password_hash = await hashPassword('hunter two');
/** The contents of the clicks table: attempts by key. */
let attempts: Map<string, number>;

/** Carries out the two kinds of updates as DynamoDB does. */
function update(input: { Key: { pk: string }; ConditionExpression: string; ExpressionAttributeValues: any }) {
  const before = attempts.get(input.Key.pk);
  const { ':by': by, ':limit': limit } = input.ExpressionAttributeValues;
  const holds = {
    'attribute_not_exists(attempts) OR attempts < :limit': before === undefined || before < limit,
    'attempts > :limit': before !== undefined && before > limit,
  }[input.ConditionExpression];
  if (holds === undefined) throw new Error(`Unknown condition ${input.ConditionExpression}`);
  if (!holds) throw Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException' });
  attempts.set(input.Key.pk, (before ?? 0) + by);
  return {};
}

beforeEach(() => {
  attempts = new Map();
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  table.on(UpdateCommand).callsFake(update);
  link({ password_hash });
});

const clicks = () => messages().length;
const open = (options: RequestOptions = {}) => handler(httpEvent({ path: '/sale', ...options }));
const submit = (password: string, options: RequestOptions = {}) =>
  open({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ password }).toString()).toString('base64'),
    isBase64Encoded: true,
    ...options,
  });

describe('a link with a password', () => {
  test.each(['GET', 'HEAD'])('asks for it on %s, redirects nobody and counts nothing', async (method) => {
    const answer = await open({ method });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<form method="post">');
    expect(JSON.stringify(answer)).not.toContain('landing-page');
    expect([clicks(), attempts.size]).toEqual([0, 0]);
  });

  test('shows the destination to no crawler, not even in its preview', async () => {
    link({ password_hash, og_title: 'Offer' });
    const answer = await open({ headers: { 'user-agent': 'Twitterbot/1.0' } });
    expect(JSON.stringify(answer)).not.toContain('landing-page');
  });

  test('redirects with 303 when it is correct, with the parameters of the address; that is the click', async () => {
    link({ password_hash, forward_params: true });
    const answer = await submit('hunter two', { query: 'a=1' });
    expect(answer).toMatchObject({
      statusCode: 303,
      headers: { location: 'https://example.com/landing-page?a=1', 'cache-control': 'private, no-store' },
    });
    expect(clicks()).toBe(1);
  });

  test('accepts a form that is not base64', async () => {
    expect((await submit('', { body: 'password=hunter+two', isBase64Encoded: false })).statusCode).toBe(303);
  });

  test.each([
    ['another', 'Hunter two'],
    ['an empty', ''],
    ['a very long', 'x'.repeat(5_000)],
  ])('says so when it is %s, and counts no click', async (_title, password) => {
    const answer = await submit(password);
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('role="alert"');
    expect(clicks()).toBe(0);
  });

  test.each([
    ['no body', undefined],
    ['JSON', '{"password":"hunter two"}'],
    ['junk', '%E0%A4%A%%=&=&'],
  ])('takes %s for a wrong password', async (_title, body) => {
    const { body: _none, ...event } = httpEvent({ method: 'POST', path: '/sale' });
    const answer = await handler(body === undefined ? event : { ...event, body });
    expect([answer.statusCode, clicks()]).toEqual([403, 0]);
  });

  test('with cloaking shows the frame once it is correct', async () => {
    link({ password_hash, cloaking: true });
    const answer = await submit('hunter two');
    expect([answer.statusCode, answer.body?.includes('<iframe')]).toEqual([200, true]);
    expect(clicks()).toBe(1);
  });
});

describe('attempts', () => {
  // Attempts are counted in windows of ten minutes, and no test may cross from one into the next.
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  });

  test('in parallel get no further than one by one: 20 in a window, then an unchecked 429', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => submit('wrong')));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 403)).toHaveLength(20);
    const late = await submit('hunter two');
    expect(late).toMatchObject({ statusCode: 429, headers: { 'retry-after': '600' } });
    expect(clicks()).toBe(0);
  });

  test('with the correct password are given back', async () => {
    for (let number = 0; number < 3; number++) await submit('hunter two');
    expect([...attempts.values()]).toEqual([0]);
  });

  test('start again with the next window', async () => {
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    await submit('wrong');
    clock.mockReturnValue(now + 10 * 60 * 1_000);
    await submit('wrong');
    expect([...attempts.values()]).toEqual([1, 1]);
  });

  test('are stored by link only, for two windows, without anything about the visitor', async () => {
    await submit('wrong', { sourceIp: '203.0.113.77', headers: { 'user-agent': 'secret-agent' } });
    const inputs = table.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
    expect(inputs).toHaveLength(1);
    expect(inputs[0]).toMatchObject({
      TableName: 'clicks',
      Key: { pk: expect.stringMatching(/^PASSWORD#12345#\d+$/), sk: 'ATTEMPTS' },
    });
    const ttl = inputs[0]?.ExpressionAttributeValues?.[':ttl'] - Date.now() / 1_000;
    expect(ttl).toBeGreaterThan(1_100);
    expect(ttl).toBeLessThanOrEqual(1_200);
    expect(JSON.stringify(inputs)).not.toMatch(/203\.0\.113\.77|secret-agent|wrong/);
  });

  test('that cannot be counted are not checked: 503, counted', async () => {
    table.on(UpdateCommand).rejects(new Error('down'));
    expect((await submit('hunter two')).statusCode).toBe(503);
    expect([clicks(), counted('PasswordUnchecked')]).toEqual([0, 1]);
  });

  test('that cannot be given back cost the link one attempt, and the visitor nothing', async () => {
    table.on(UpdateCommand, { ConditionExpression: 'attempts > :limit' }).rejects(new Error('down'));
    expect((await submit('hunter two')).statusCode).toBe(303);
    expect([clicks(), counted('AttemptNotReturned')]).toEqual([1, 1]);
  });
});

describe('a form sent to a link without a password', () => {
  test.each([
    ['has no password', {}],
    ['has expired', { password_hash, exhausted: true, expiry_destination: 'https://example.com/over' }],
    ['has expired and leads nowhere', { exhausted: true }],
  ])('opens it again with GET and is not a click, if the link %s', async (_title, fields) => {
    link({ password_hash: null, ...fields });
    const answer = await submit('x', { query: 'a=%26&b=1' });
    expect(answer).toMatchObject({ statusCode: 303, headers: { location: '/sale?a=%26&b=1' } });
    expect([clicks(), attempts.size]).toEqual([0, 0]);
  });

  test('keeps a slug of another alphabet in the address', async () => {
    link({ slug: '/café/ü' });
    const answer = await open({ method: 'POST', path: '/café/ü' });
    expect(answer.headers?.location).toBe('/caf%C3%A9/%C3%BC');
  });
});
