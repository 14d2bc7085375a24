import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ULID, ulidOf, ulidTime } from '../../lambdas/clicks/identity.ts';
import type { Item } from '../../lambdas/table.ts';
import { type Engines, startEngines } from '../faults/engines.ts';
import { type FaultStack, type Link, startFaultStack } from '../faults/fault-stack.ts';
import { click } from '../lambdas/deliver/sample-click.ts';
import { clickItems } from './click-items.ts';
import { type Receiver, startReceiver } from './receiver.ts';

let engines: Engines;
let stack: FaultStack;
let receiver: Receiver;
let link: Link;

beforeAll(async () => {
  [engines, receiver] = await Promise.all([startEngines(), startReceiver()]);
  stack = await startFaultStack(engines.environment);
  link = await stack.linkTo(receiver.url);
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([receiver?.close(), engines?.close()]);
});

/** The payloads that the webhook has received, in the order of their ids. */
const payloads = () =>
  receiver.received
    .map(({ body }) => JSON.parse(body))
    .sort((one, other) => (one.click.id < other.click.id ? -1 : 1));
const idsOf = (received: any[]) => received.map(({ click }) => click.id);

/** The entries of the link, or its sample clicks, in the order of their ids. */
async function entries(kind = 'CLICK'): Promise<Item[]> {
  const items = await clickItems(engines.dynamoDb.url);
  return items
    .filter(({ pk, link_id }) => pk.startsWith(`${kind}#`) && link_id === link.id)
    .sort((one, other) => (one.sk < other.sk ? -1 : 1));
}

test('each recorded click is in the log once, under the id and with the time of its payload', async () => {
  const headers = { referer: 'https://example.org/?q=secret', 'user-agent': 'curl/8.5.0 (secret)' };
  for (let number = 1; number <= 5; number++) {
    expect((await stack.click(`${link.slug}?n=${number}`, { headers })).status).toBe(302);
    await receiver.waitFor(number);
  }
  await stack.click(link.slug, { method: 'HEAD' });
  const items = await entries();
  const received = payloads();
  expect(items.map(({ sk }) => sk)).toEqual(idsOf(received));
  expect(new Set(idsOf(received)).size).toBe(5);
  for (const [index, { pk, sk, ttl, click: text }] of items.entries()) {
    const { timestamp, click: details } = received[index];
    expect(Object.keys(details)[0]).toBe('id');
    expect(sk).toMatch(ULID);
    expect(timestamp).toMatch(/\.\d{6}Z$/);
    expect(ulidTime(sk)).toBe(Date.parse(timestamp));
    expect(pk).toMatch(new RegExp(`^CLICK#1#${timestamp.slice(0, 7)}#[0-3]$`));
    expect(ttl).toBe(Math.floor(ulidTime(sk) / 1_000) + 400 * 24 * 60 * 60);
    const logged = JSON.parse(text);
    expect(logged).toMatchObject({ timestamp, params: details.params, referer: 'https://example.org/' });
    expect(text).not.toMatch(/secret|127\.0\.0\.1/);
  }
});

test('a sample click is delivered, and is not in the log', async () => {
  const before = await entries();
  const { body } = await stack.call('POST', `/link/${link.id}/webhooks/test`);
  await receiver.waitFor(6);
  expect(idsOf(payloads())).toContain(body.click_id);
  expect(await entries()).toEqual(before);
  const samples = await entries('SAMPLE');
  expect(samples.map(({ pk, sk }) => [pk, sk])).toEqual([['SAMPLE#1', body.click_id]]);
  expect(samples[0]?.ttl).toBe(Math.floor(ulidTime(body.click_id) / 1_000) + 24 * 60 * 60);
});

test('a click whose message arrives several times is delivered once and is in the log once', async () => {
  const [before, sent] = [(await entries()).length, receiver.received.length];
  const clicks = [901, 902, 903].map((number) => click(number, { link_id: link.id }));
  const bodies = clicks.map((one) => JSON.stringify(one));
  await engines.send(...bodies, ...bodies, ...bodies);
  await stack.counted('ClickDuplicate', 1);
  while ((await engines.queued()) > 0) await new Promise(setImmediate);
  expect(receiver.received).toHaveLength(sent + 3);
  const items = await entries();
  expect(items).toHaveLength(before + 3);
  for (const { payload } of clicks) {
    const { timestamp, click: details } = payload;
    expect(idsOf(payloads()).filter((id) => id === details.id)).toHaveLength(1);
    expect(items.filter(({ sk }) => sk === details.id)).toHaveLength(1);
    expect(items.find(({ sk }) => sk === details.id)?.click).toContain(timestamp);
  }
});

test('a message of the previous version is delivered once and is in the log once', async () => {
  const sent = receiver.received.length;
  const { version: _version, rule: _rule, payload, ...rest } = click(1, { link_id: link.id });
  const { id: _id, ...details } = payload.click;
  const first = JSON.stringify({
    ...rest,
    version: 1,
    click_id: crypto.randomUUID(),
    payload: { ...payload, timestamp: '2025-01-15T10:30:00Z', click: { ...details, params: { v: '1' } } },
  });
  await engines.send(first, first);
  await receiver.waitFor(sent + 1);
  await engines.send(first);
  while ((await engines.queued()) > 0) await new Promise(setImmediate);
  expect(receiver.received).toHaveLength(sent + 1);
  const [arrived] = payloads().filter(({ click }) => click.params.v === '1');
  expect(Object.keys(arrived.click)[0]).toBe('id');
  expect(new Date(ulidTime(arrived.click.id)).toISOString()).toBe('2025-01-15T10:30:00.000Z');
  expect((await entries()).filter(({ sk }) => sk === arrived.click.id)).toHaveLength(1);
});

test('a click whose message arrives several times is counted and exported once', async () => {
  const nowMs = Date.now();
  const timestamp = new Date(nowMs).toISOString().replace('Z', '000Z');
  const duplicated = click(950, { link_id: 9_950 });
  const { payload } = duplicated;
  const sent = {
    ...duplicated,
    payload: { ...payload, timestamp, click: { ...payload.click, id: ulidOf(nowMs) } },
  };
  const body = JSON.stringify(sent);
  const before = (await entries()).length;
  await engines.send(body, body, body);
  while ((await engines.queued()) > 0) await new Promise(setImmediate);
  const parameters = `link_id=9950&start=${timestamp.slice(0, 10)}`;
  const report = async (path: string) =>
    (await stack.call('GET', `/workspace/1/clicks${path}?${parameters}`)).body;
  expect(
    (await report('')).traffic.map(({ y }: { y: number }) => y).reduce((a: number, b: number) => a + b),
  ).toBe(1);
  expect((await report('/counters/link_id')).values).toEqual([{ value: '9950', count: 1 }]);
  const end = timestamp.slice(0, 10);
  const { body: exported } = await stack.call('GET', `/workspace/1/clicks/export?${parameters}&end=${end}`);
  expect(exported.map(({ id }: { id: string }) => id)).toEqual([sent.payload.click.id]);
  expect((await entries()).length).toBe(before);
});
