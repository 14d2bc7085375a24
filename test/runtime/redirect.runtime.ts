import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, type RuntimeStack, resultOf, startRuntimeStack } from './runtime-stack.ts';
import { type OwnAssembly, synthesizeWith } from './synthesize-with.ts';
import { requestHeads } from './tcp-proxy.ts';
import { bytesOf, createWorkspace, type Workspace, warmUp } from './workspace.ts';

const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

let stack: RuntimeStack;
let workspace: Workspace;

const takeClicks = async () => (await stack.takeMessages()).map(({ Body }) => JSON.parse(Body ?? ''));

/** The user agent of the SDK's requests. */
const SDK_AGENT = /^user-agent: aws-sdk-js/im;

// docs/decisions/0021: the redirect has its own AWS client, and this option bundles the SDK instead.
describe.each(['lean', 'full'])('with the option redirectSdk=%s', (redirectSdk) => {
  let assembly: OwnAssembly | undefined;

  beforeAll(async () => {
    // The assembly that all tests share has the default.
    if (redirectSdk !== 'lean') assembly = await synthesizeWith({ redirectSdk });
    stack = await startRuntimeStack({}, assembly);
    workspace = await createWorkspace(stack);
    await workspace.linkTo({ slug: '/sale', url: 'https://example.com/landing', forward_params: true });
    await warmUp(stack, '/sale');
  });

  afterAll(async () => {
    await stack.close();
    await assembly?.remove();
  });

  test('the function loads and asks for its first event, and writes nothing', async () => {
    const instance = await stack.start('Redirect');
    expect(await instance.stop()).toBe('');
  });

  test('a click is redirected, and queued with its visitor and the workspace as its group', async () => {
    const answer = await stack.request({
      method: 'GET',
      path: '/sale',
      query: 'tag=a&tag=b&size=%F0%9F%91%9F',
      headers: { referer: 'https://news.example.org/' },
      cookies: ['session=1', 'theme=dark'],
    });
    expect(answer).toMatchObject({ statusCode: 302, headers: { 'cache-control': 'private, no-store' } });
    const { origin, pathname, searchParams } = new URL(String(answer.headers?.location));
    expect([origin + pathname, searchParams.getAll('tag')]).toEqual([
      'https://example.com/landing',
      ['a', 'b'],
    ]);

    const [message, ...others] = await stack.takeMessages();
    expect(others).toEqual([]);
    // The engine ignores the group, so that only the request shows it.
    expect(stack.sqs.sent()).toContain(`"MessageGroupId":"${workspace.id}"`);
    const { payload } = JSON.parse(message?.Body ?? '');
    expect(payload.click).toMatchObject({
      country: 'US',
      platform: 'desktop',
      browser_name: 'Chrome',
      bot_name: null,
      referer: 'https://news.example.org/',
      params: { tag: ['a', 'b'], size: '👟' },
    });
    expect(message?.Body).not.toContain('8.8.8.8');
  });

  test('an unknown slug gets the 404 page, and no click is queued', async () => {
    const answer = await stack.request({ method: 'GET', path: '/unknown' });
    expect(answer.statusCode).toBe(404);
    expect(bytesOf(answer).toString()).toMatch(/<html/i);
    expect(await takeClicks()).toEqual([]);
  });

  test('HEAD is redirected, and no click is queued', async () => {
    const answer = await stack.request({ method: 'HEAD', path: '/sale' });
    expect([answer.statusCode, answer.headers?.location]).toEqual([302, 'https://example.com/landing']);
    expect(await takeClicks()).toEqual([]);
  });

  test('a bot is named in the click, and gets the 404 page where the link blocks bots', async () => {
    await workspace.linkTo({ slug: '/people-only', block_bots: true });
    const headers = { 'user-agent': GOOGLEBOT };
    const passed = await stack.request({ method: 'GET', path: '/sale', headers });
    const blocked = await stack.request({ method: 'GET', path: '/people-only', headers });
    expect([passed.statusCode, blocked.statusCode]).toEqual([302, 404]);
    const clicks = await takeClicks();
    expect(clicks.map(({ payload }) => payload.click.bot_name)).toEqual([expect.stringMatching(/google/i)]);
  });

  test('a password arrives in a base64 form and opens the link with 303', async () => {
    await workspace.linkTo({ slug: '/members', password: 'open sesame' });
    const asked = await stack.request({ method: 'GET', path: '/members' });
    expect(bytesOf(asked).toString()).toMatch(/type="?password/);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const submit = (body: string) => stack.request({ method: 'POST', path: '/members', headers, body });
    const [wrong, right] = [await submit('password=wrong'), await submit('password=open+sesame')];
    expect(wrong.statusCode).not.toBe(303);
    expect([right.statusCode, right.headers?.location]).toEqual([303, 'https://example.com/']);
    expect(await takeClicks()).toHaveLength(1);
  });

  test('while the table is down a click gets 503 with retry-after, and the next click works again', async () => {
    stack.dynamoDb.setDown(true);
    const refused = await stack
      .request({ method: 'GET', path: '/sale' })
      .finally(() => stack.dynamoDb.setDown(false));
    expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } });
    const answer = await stack.request({ method: 'GET', path: '/sale' });
    expect(answer.statusCode).toBe(302);
    expect(await takeClicks()).toHaveLength(1);
  });

  test('while the queue is down a click is redirected within its budget', async () => {
    stack.sqs.setDown(true);
    const answer = await stack
      .request({ method: 'GET', path: '/sale' })
      .finally(() => stack.sqs.setDown(false));
    expect(answer.statusCode).toBe(302);
    expect(await takeClicks()).toEqual([]);
  });

  test('the requests of a click carry its trace header and come from the client that the option names', async () => {
    const { event } = stack.route({ method: 'GET', path: '/sale' });
    const invoked = await stack.invoke('Redirect', event);
    expect(resultOf<Answer>(invoked).statusCode).toBe(302);
    expect(await takeClicks()).toHaveLength(1);
    const traced = [stack.dynamoDb, stack.sqs].map((proxy) =>
      requestHeads(proxy).filter((head) => head.includes(invoked.traceRoot)),
    );
    expect(traced).toEqual([
      [expect.stringMatching(/^x-amz-target: DynamoDB_20120810\.GetItem/im)],
      [expect.stringMatching(/^x-amz-target: AmazonSQS\.SendMessage/im)],
    ]);
    for (const head of traced.flat()) {
      expect(head).toMatch(/^x-amzn-trace-id: Root=[^;]+;Parent=[0-9a-f]{16};Sampled=0\r$/im);
      expect(SDK_AGENT.test(head)).toBe(redirectSdk === 'full');
    }
  });

  test('every request to the table and the queue carries the session token of the role', () => {
    for (const proxy of [stack.dynamoDb, stack.sqs]) {
      const heads = requestHeads(proxy);
      expect(heads.length).toBeGreaterThan(0);
      for (const head of heads) {
        expect(head).toMatch(/^x-amz-security-token: example-session-token==/im);
        expect(head).toMatch(/^authorization: AWS4-HMAC-SHA256 .*SignedHeaders=[^,]*x-amz-security-token/im);
      }
    }
  });
});
