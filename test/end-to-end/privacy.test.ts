import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../local/engines.ts';
import { type LocalStack, startLocal } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { visit } from './visit.ts';

const SECRET = 'an-edge-secret-of-a-test';
/** An address of the socket, and two of a known network that only a trusted CDN reports. */
const SOCKET = '127.93.81.7';
const BEHIND_CDN = { v4: '87.128.10.93', v6: '2003:c0:93:81::7' };

let engines: Engine[];
let proxies: [tables: RecordingProxy, queue: RecordingProxy];
let stack: LocalStack;
let target: Receiver;

beforeAll(async () => {
  const warn = () => undefined;
  engines = await Promise.all([startEngine('dynamodb', { warn }), startEngine('sqs', { warn })]);
  const [dynamoDb, sqs] = engines as [Engine, Engine];
  proxies = [await startRecordingProxy(dynamoDb.url), await startRecordingProxy(sqs.url)];
  target = await startReceiver();
  stack = await startLocal({
    CLICKHOOK_DYNAMODB_ENDPOINT: proxies[0].url,
    CLICKHOOK_SQS_ENDPOINT: proxies[1].url,
    CLICKHOOK_EDGE_SECRET: SECRET,
    CLICKHOOK_LOG: 'all',
  });
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([target, ...(proxies ?? []), ...(engines ?? [])].map((one) => one?.close()));
});

const fromCdn = (address: string, country?: string) => ({
  'x-clickhook-edge-secret': SECRET,
  'x-forwarded-for': address,
  'x-forwarded-host': 'links.localhost',
  'cloudfront-viewer-address': `${address}:46532`,
  ...(country ? { 'cloudfront-viewer-country': country } : {}),
});

test('a visitor’s address is in no message, table, log, metric or webhook, whatever they open', async () => {
  await stack.call('POST', '/workspace/1/domains', { name: 'links.localhost' });
  const fields = { url: 'https://example.com/', domain: 'links.localhost' };
  const clicked = await stack.call('POST', '/link', { ...fields, slug: '/clicked' });
  await stack.call('POST', `/link/${clicked.body.id}/webhooks`, { url: `${target.url}/hook` });
  const special = [
    { slug: '/bots', block_bots: true },
    { slug: '/secret', password: 'hunter two' },
    { slug: '/expired', expiry_datetime: '2020-01-01' },
    { slug: '/cloak', cloaking: true },
    { slug: '/tags', ga4_tag_id: 'G-ABC1234567' },
  ];
  for (const one of special) await stack.call('POST', '/link', { ...fields, ...one });

  const visitors = [
    { from: SOCKET, host: 'links.localhost' },
    { headers: fromCdn(BEHIND_CDN.v4) },
    { headers: fromCdn(BEHIND_CDN.v6, 'DE') },
  ];
  for (const visitor of visitors) {
    for (const path of [
      '/clicked?a=1',
      '/none',
      '/favicon.ico',
      '/%E0',
      ...special.map(({ slug }) => slug),
    ]) {
      expect((await visit(stack.url, path, visitor)).status).toBeLessThan(500);
    }
    expect((await visit(stack.url, '/secret', { ...visitor, form: { password: 'wrong' } })).status).toBe(403);
    expect((await visit(stack.url, '/secret', { ...visitor, form: { password: 'hunter two' } })).status).toBe(
      303,
    );
    const bot = { ...visitor.headers, 'user-agent': 'Googlebot/2.1' };
    expect((await visit(stack.url, '/bots', { ...visitor, headers: bot })).status).toBe(404);
  }
  await target.waitFor(visitors.length);
  await stack.stop();

  const webhooks = target.received.map(({ body }) => body);
  const isps = webhooks.map((body) => JSON.parse(body).click).map(({ country, isp }) => [country, isp]);
  expect(isps.filter(([country, isp]) => country === 'DE' && /^Deutsche Telekom/.test(isp))).toHaveLength(2);

  const everything = {
    tables: proxies[0].bodies.join('\n'),
    queue: proxies[1].bodies.join('\n'),
    logs: stack.output(),
    webhooks: JSON.stringify(target.received),
  };
  // Checks that the search finds what was written.
  expect(everything.tables).toContain('PASSWORD#');
  expect(everything.tables).toMatch(/"CLICK#1#\d{4}-\d\d#[0-3]"/);
  expect(everything.tables).toContain('Deutsche Telekom');
  expect(everything.queue).toContain('https://example.com/');
  expect(everything.logs).toContain('"PostDelivered":1');
  const addresses = [
    SOCKET,
    ...Object.values(BEHIND_CDN),
    '2003:c0:93:81:0:0:0:7',
    '87.128.10',
    '2003:c0:93',
  ];
  for (const [where, text] of Object.entries(everything)) {
    const found = addresses.filter((address) => text.includes(address));
    expect({ where, found }).toEqual({ where, found: [] });
    for (const address of Object.values(BEHIND_CDN)) {
      expect(text).not.toContain(Buffer.from(address).toString('base64').slice(0, 12));
    }
  }
});
