import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Workspace } from '../../../test/end-to-end/local-stack.ts';
import { type Receiver, startReceiver } from '../../../test/end-to-end/receiver.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { app, authDataOf, failure, run } from './zapier-app.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const { new_click_on_link: onLink, new_click_in_workspace: inWorkspace } = app.triggers;

/** Zapier's hook URLs. */
let zapier: Receiver;
let workspace: Workspace;
let link: { id: number; slug: string; full_url: string };

beforeAll(async () => {
  zapier = await startReceiver();
});

beforeEach(async () => {
  workspace = await sharedWorkspace();
  const body = { url: 'https://example.com/landing-page', name: 'Sale', utm_source: 'newsletter' };
  link = (await workspace.call('POST', '/link', body)).body;
});

afterAll(() => zapier?.close());

/** A Zap that is turned on, with what Zapier keeps of it. */
async function turnOn(trigger: any, inputData: object) {
  const targetUrl = `${zapier.url}/hooks/${crypto.randomUUID()}`;
  const authData = authDataOf(workspace);
  const { performSubscribe, performUnsubscribe, perform, performList } = trigger.operation;
  const subscribeData = await run(performSubscribe, { authData, inputData, targetUrl });
  const arrived = () => zapier.received.filter(({ path }) => targetUrl.endsWith(path));
  return {
    arrived,
    /** The results of the trigger for what has arrived. */
    results: async () =>
      (
        await Promise.all(
          arrived().map(({ body }) =>
            run(perform, { authData, inputData, cleanedRequest: JSON.parse(body) }),
          ),
        )
      ).flat(),
    list: () => run(performList, { authData, inputData }),
    turnOff: () => run(performUnsubscribe, { authData, inputData, targetUrl, subscribeData }),
  };
}

/** Clicks a link, and waits until Zapier's side has received so many more deliveries. */
async function click(path: string, userAgent: string, deliveries = 1): Promise<void> {
  const before = zapier.received.length;
  const headers = { 'user-agent': userAgent, referer: 'https://news.example.com/today' };
  expect((await workspace.click(path, { headers })).status).toBe(302);
  await zapier.waitFor(before + deliveries);
}

const hooksOf = async (path: string) => (await workspace.call('GET', `${path}/webhooks`)).body;

describe.each([
  ['New Click on a Link', onLink, () => ({ link_id: link.id }), () => `/link/${link.id}`],
  ['New Click in a Workspace', inWorkspace, () => ({}), () => workspace.path],
])('%s', (_label, trigger, input, owner) => {
  test('turns a click into one level of fields, and the list of recent clicks has the same', async () => {
    const zap = await turnOn(trigger, { ...input(), people_only: true });
    expect(await hooksOf(owner())).toHaveLength(1);
    await click(`${link.slug}?contact=42&tag=a&tag=b`, CHROME);
    const results = await zap.results();
    expect(results).toEqual([
      {
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        link_id: link.id,
        link_name: 'Sale',
        link_full_url: link.full_url,
        link_domain: null,
        link_slug: link.slug,
        link_url: 'https://example.com/landing-page',
        destination: 'https://example.com/landing-page?utm_source=newsletter',
        country: null,
        is_eu_country: null,
        platform: 'desktop',
        browser_name: 'Chrome',
        is_bot: false,
        bot_name: null,
        referer: 'https://news.example.com/today',
        isp: null,
        utm_source: 'newsletter',
        utm_medium: null,
        utm_campaign: null,
        utm_term: null,
        utm_content: null,
        param_contact: '42',
        param_tag: 'a, b',
      },
    ]);
    expect(await zap.list()).toEqual(results);
  });

  test('subscribes the Zap until it is turned off', async () => {
    const [zap, other] = [await turnOn(trigger, input()), await turnOn(trigger, input())];
    await click(link.slug, CHROME, 2);
    await zap.turnOff();
    expect(await hooksOf(owner())).toHaveLength(1);
    await click(link.slug, CHROME);
    expect([zap.arrived().length, other.arrived().length]).toEqual([1, 2]);
  });

  test('can be turned off when its webhook is gone already', async () => {
    const zap = await turnOn(trigger, input());
    await zap.turnOff();
    await zap.turnOff();
    expect(await hooksOf(owner())).toEqual([]);
  });

  test('leaves out bots if the Zap is for people only', async () => {
    const people = await turnOn(trigger, { ...input(), people_only: 'true' });
    const all = await turnOn(trigger, { ...input(), people_only: false });
    await click(link.slug, 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 2);
    await click(link.slug, CHROME, 2);
    expect((await people.results()).map(({ bot_name }) => bot_name)).toEqual([null]);
    expect((await all.results()).map(({ is_bot, bot_name }) => [is_bot, bot_name])).toEqual(
      expect.arrayContaining([
        [true, 'Slackbot'],
        [false, null],
      ]),
    );
    expect((await people.list()).map(({ is_bot }: any) => is_bot)).toEqual([false]);
    // Newest first.
    expect((await all.list()).map(({ is_bot }: any) => is_bot)).toEqual([false, true]);
  });
});

describe('New Click on a Link', () => {
  test('ignores clicks on other links, also in its list', async () => {
    const { body: other } = await workspace.call('POST', '/link', { url: 'https://example.com/other' });
    const all = await turnOn(inWorkspace, {});
    const zap = await turnOn(onLink, { link_id: link.id });
    await click(other.slug, CHROME);
    expect(zap.arrived()).toEqual([]);
    expect(await zap.list()).toEqual([]);
    expect(await all.list()).toMatchObject([{ link_id: other.id }]);
  });

  test('of a link that does not exist cannot be turned on', async () => {
    const { message } = await failure(turnOn(onLink, { link_id: 999_999 }));
    expect(message).toMatch(/^Not found\. It was deleted/);
  });
});

test("Clickhook's own sentence explains why a Zap cannot be turned on", async () => {
  for (let n = 1; n <= 25; n++) {
    await workspace.call('POST', `/link/${link.id}/webhooks`, { url: `https://hooks.example.com/${n}` });
  }
  const { message } = await failure(turnOn(onLink, { link_id: link.id }));
  expect(message).toContain('25');
});

test('a visitor cannot replace fields of the click with parameters', async () => {
  const zap = await turnOn(inWorkspace, {});
  await click(`${link.slug}?id=1&__proto__=2&is_bot=true&utm_source=a&utm_source=b`, CHROME);
  const [result] = await zap.results();
  expect(result).toMatchObject({ is_bot: false, param_id: '1', param_is_bot: 'true', param___proto__: '2' });
  expect(result).toMatchObject({ utm_source: 'a', param_utm_source: 'a, b' });
  expect(result.id).toHaveLength(26);
  expect(await zap.list()).toEqual([result]);
});

test('a sample click of Clickhook starts a Zap too', async () => {
  const zap = await turnOn(inWorkspace, { people_only: true });
  const before = zapier.received.length;
  await workspace.call('POST', `/link/${link.id}/webhooks/test`);
  await zapier.waitFor(before + 1);
  expect(await zap.results()).toMatchObject([
    { link_id: link.id, param_clickhook_test: 'true', country: 'US' },
  ]);
});
