import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { accepted, type Contract, parsed, rejected } from '../chat-tools/contract.ts';
import { CONTRACTS } from '../chat-tools/contracts.ts';
import { type ChatTools, type Delivered, startChatTools } from '../chat-tools/server.ts';
import { type Authority, createAuthority } from './certificates.ts';
import { type DnsServer, startDnsServer } from './dns-server.ts';
import { type LocalStack, startLocal } from './local-stack.ts';

/** Chat tools by their real names, with TLS, and one link with a webhook at each of them. */
let dns: DnsServer;
let authority: Authority;
let tools: ChatTools;
let stack: LocalStack;

/** A receiver like Zapier's: any JSON object is fine, and its fields are what the automation uses. */
const automation: Contract = (body) => {
  const { event, link, click } = (parsed(body) ?? {}) as Record<string, unknown>;
  return event === 'click' && link && click
    ? accepted(200, '{"status":"success"}')
    : rejected(400, 'no click');
};
/** Asks not to be called again, as Zapier does for an automation that was switched off. */
const gone: Contract = () => rejected(410, 'please unsubscribe me!');

const TEAMS = 'prod-12.westeurope.logic.azure.com';
const PATHS: Record<string, Contract> = {
  'hooks.slack.com/services/T0/B0/x': CONTRACTS.slack,
  'hooks.slack.com/triggers/E0/1/x': CONTRACTS['slack-trigger'],
  'discord.com/api/webhooks/1/x': CONTRACTS.discord,
  [`${TEAMS}/workflows/x/triggers/manual/paths/invoke?sig=1`]: CONTRACTS.teams,
  'chat.googleapis.com/v1/spaces/A/messages?key=1&token=2': CONTRACTS['google-chat'],
  'hooks.zapier.com/hooks/standard/1/x/': automation,
  'plain.example.com/hook?secret=1': automation,
};
const hostOf = (path: string) => path.slice(0, path.indexOf('/'));
const HOSTS = [...new Set(Object.keys(PATHS).map(hostOf)), 'gone.example.com'];
const urlOf = (path: string) => `https://${path.replace('/', `:${tools.port}/`)}`;

beforeAll(async () => {
  [dns, authority] = await Promise.all([startDnsServer(), createAuthority()]);
  for (const host of HOSTS) dns.zones.set(host, ['127.0.0.1']);
  tools = await startChatTools(await authority.issue(HOSTS), { ...PATHS, 'gone.example.com/': gone });
  stack = await startLocal({
    CLICKHOOK_LOG: 'all',
    CLICKHOOK_DNS_SERVERS: dns.address,
    NODE_EXTRA_CA_CERTS: authority.file,
  });
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([tools?.close(), dns?.close(), authority?.remove()]);
});

beforeEach(() => tools.received.clear());

/** Creates a link and subscribes webhooks to it. Returns the answers of the API. */
async function linkTo(name: string, urls: string[]) {
  const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/', name });
  const saved = [];
  for (const url of urls) saved.push(await stack.call('POST', `/link/${link.id}/webhooks`, { url }));
  return { link, saved };
}

const at = (path: string): Delivered | undefined =>
  tools.received.get(hostOf(path))?.find((one) => path.endsWith(one.path));

test('each chat tool accepts and shows one click, and the other receivers get the payload', async () => {
  const paths = Object.keys(PATHS);
  const { link, saved } = await linkTo('Spring <!channel> @everyone *sale*', paths.map(urlOf));
  expect(saved.map(({ status }) => status)).toEqual(paths.map(() => 201));
  expect(saved.map(({ body }) => /docs\/recipes\/[\w-]+\.md/.exec(body.note ?? '')?.[0])).toEqual([
    'docs/recipes/slack.md',
    'docs/recipes/slack.md',
    'docs/recipes/discord.md',
    'docs/recipes/teams.md',
    'docs/recipes/google-chat.md',
    undefined,
    undefined,
  ]);
  const { secret } = (await stack.call('POST', '/workspace/1/signing-secret', {})).body;

  await stack.click(link.slug);
  await tools.waitFor(paths.length);

  const outcomes = paths.map((path) => [path, at(path)?.answer.shown, at(path)?.headers['content-type']]);
  expect(outcomes).toEqual(paths.map((path) => [path, true, 'application/json']));
  for (const path of paths) {
    const { body, headers } = at(path) as Delivered;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  }
  const [plain, zapier] = ['plain.example.com/hook?secret=1', 'hooks.zapier.com/hooks/standard/1/x/'].map(at);
  expect(plain?.body).toBe(zapier?.body);
  const payload = JSON.parse(plain?.body ?? '');
  expect(Object.keys(payload)).toEqual(['event', 'timestamp', 'link', 'click']);
  expect(payload.link).toMatchObject({ id: link.id, name: 'Spring <!channel> @everyone *sale*' });
  expect(JSON.stringify(payload)).toBe(plain?.body);
});

test('a format in the URL overrides the choice and is not sent, and a wrong one is rejected', async () => {
  const asked = [
    'plain.example.com/hook?secret=1&clickhook_format=slack',
    'hooks.slack.com/services/T0/B0/x?clickhook_format=json',
  ];
  const { link, saved } = await linkTo(
    'Sale',
    [...asked, 'plain.example.com/?clickhook_format=xml'].map(urlOf),
  );
  expect(saved.map(({ status }) => status)).toEqual([201, 201, 422]);
  expect(saved[0]?.body).toMatchObject({
    url: urlOf(asked[0] ?? ''),
    note: expect.stringContaining('Slack'),
  });
  expect(saved[1]?.body.note).toBeUndefined();
  expect(saved[2]?.body.errors.url[0]).toContain('slack, discord, teams, google-chat, json');

  await stack.click(link.slug);
  await tools.waitFor(2);
  const [mattermost] = tools.received.get('plain.example.com') ?? [];
  expect(mattermost?.path).toBe('/hook?secret=1');
  expect(CONTRACTS.slack(mattermost?.body ?? '')).toMatchObject({ shown: true });
  const [slack] = tools.received.get('hooks.slack.com') ?? [];
  expect([slack?.path, slack?.answer.body]).toEqual(['/services/T0/B0/x', 'no_text']);
});

test('a webhook that answers 410 Gone receives one click, and no other webhook is removed', async () => {
  const paths = ['gone.example.com/1', 'plain.example.com/hook?secret=1'];
  const { link } = await linkTo('Gone', paths.map(urlOf));
  await stack.click(link.slug);
  await stack.lines(/A webhook answered 410 Gone. It is removed/);
  const { body: left } = await stack.call('GET', `/link/${link.id}/webhooks`);
  expect(left.map(({ url }: { url: string }) => url)).toEqual([urlOf('plain.example.com/hook?secret=1')]);

  await stack.click(link.slug);
  await tools.waitFor(3);
  expect(tools.received.get('gone.example.com')).toHaveLength(1);
  expect(await stack.lines(/"HookRemoved":1/)).toHaveLength(1);
});
