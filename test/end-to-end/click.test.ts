import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ulidTime } from '../../lambdas/clicks/identity.ts';
import { GIVEN_UP_MS } from '../given-up.ts';
import { sharedWorkspace } from '../shared-stack.ts';
import type { Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const PAYLOAD_NAMES = ['event', 'timestamp', 'link', 'click'];
const LINK_NAMES = [
  'id',
  'name',
  'url',
  'full_url',
  'domain',
  'slug',
  'destination',
  'workspace_id',
  'enabled',
  'cloaking',
  'forward_params',
  'block_bots',
  'public_analytics',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'og_title',
  'og_description',
  'og_image',
  'rules',
];
const CLICK_NAMES = [
  'id',
  'country',
  'is_eu_country',
  'platform',
  'browser_name',
  'referer',
  'isp',
  'bot_name',
  'destination',
  'params',
];

let stack: Workspace;
const receivers: Receiver[] = [];

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  receivers.push(started);
  return started;
}

async function newLink(fields: object = {}): Promise<{ id: number; slug: string }> {
  const { status, body } = await stack.call('POST', '/link', {
    url: 'https://example.com/landing-page',
    ...fields,
  });
  expect(status).toBe(200);
  return body;
}

beforeAll(async () => {
  stack = await sharedWorkspace();
});

afterAll(async () => {
  await Promise.all(receivers.map((one) => one.close()));
});

describe('a new user', () => {
  test('clicks /hello and finds the documented payload in the inbox', async () => {
    const answer = await stack.click('/hello?utm_source=twitter&tag=a&tag=b', {
      headers: { referer: 'https://twitter.com/' },
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    let inbox: { body: any }[] = [];
    while (inbox.length === 0) {
      inbox = (await (
        await fetch(`${stack.url}/inbox`, { headers: { accept: 'application/json' } })
      ).json()) as typeof inbox;
    }
    expect(inbox).toHaveLength(1);
    const { body } = inbox[0] as { body: any };
    expect(Object.keys(body)).toEqual(PAYLOAD_NAMES);
    expect(Object.keys(body.link)).toEqual(LINK_NAMES);
    expect(Object.keys(body.click)).toEqual(CLICK_NAMES);
    expect(body.click).toMatchObject({
      referer: 'https://twitter.com/',
      params: { utm_source: 'twitter', tag: ['a', 'b'] },
    });
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(new Date(ulidTime(body.click.id)).toISOString().slice(0, -1)).toBe(body.timestamp.slice(0, -4));
  });
});

describe('webhooks on both levels', () => {
  test('both receive the click, even with the same URL; after one is deleted, only the other does', async () => {
    const target = await receiver();
    const url = `${target.url}/hook?secret=1`;
    const link = await newLink();
    expect((await stack.call('POST', `/link/${link.id}/webhooks`, { url })).status).toBe(201);
    expect((await stack.call('POST', `${stack.path}/webhooks`, { url })).status).toBe(201);
    expect((await stack.click(link.slug)).status).toBe(302);
    const [first, second] = await target.waitFor(2);
    expect(first?.body).toBe(second?.body);
    expect(first?.path).toBe('/hook?secret=1');

    const gone = await stack.call('DELETE', `${stack.path}/webhooks/${encodeURIComponent(url)}`);
    expect(gone).toMatchObject({ status: 200, body: { id: url } });
    await stack.click(`${link.slug}?after=delete`);
    // The link's own webhook comes last. If the workspace's webhook still fired, it would be in the same invocation.
    const marker = await receiver();
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: marker.url });
    await stack.click(link.slug);
    await marker.waitFor(1);
    await target.waitFor(4);
    expect(
      target.received.filter(({ body }) => JSON.parse(body).click.params.after === 'delete'),
    ).toHaveLength(1);
  });

  test('a receiver that never responds is given up after 5 s and delays no other delivery', async () => {
    const hanging = await receiver(() => undefined);
    const healthy = await receiver();
    const link = await newLink();
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: healthy.url });
    // From here on the functions are warm, so the 5 s are only for two clicks.
    await stack.click(link.slug);
    await healthy.waitFor(1);
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: hanging.url });
    let givenUp = false;
    const hungUp = once(hanging.events, 'hangup').then(() => {
      givenUp = true;
    });
    const clickedMs = performance.now();
    await stack.click(link.slug);
    await healthy.waitFor(2);
    await stack.click(link.slug);
    await healthy.waitFor(3);
    expect(givenUp).toBe(false);
    await hungUp;
    expect(performance.now() - clickedMs).toBeGreaterThanOrEqual(GIVEN_UP_MS.least);
    await hanging.waitFor(2);
    expect(hanging.received).toHaveLength(2);
  });

  test('a redirect in a response is not followed', async () => {
    const elsewhere = await receiver();
    const target = await receiver((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const link = await newLink();
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: target.url });
    await stack.click(link.slug);
    await target.waitFor(1);
    const marker = await receiver();
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: marker.url });
    await stack.click(link.slug);
    await marker.waitFor(1);
    expect(elsewhere.received).toEqual([]);
  });
});

describe('characters that SQS does not accept', () => {
  const ODD = '\ufffe and \uffff';

  test('arrive unchanged, from the visitor and from the link', async () => {
    const target = await receiver();
    const link = await newLink({ name: ODD, utm_source: ODD, webhooks: [target.url] });
    const query = new URLSearchParams({ n: ODD, [ODD]: 'name' });
    expect((await stack.click(`${link.slug}?${query}`)).status).toBe(302);
    const [only] = await target.waitFor(1);
    const payload = JSON.parse(only?.body ?? '');
    expect(payload.link).toMatchObject({ name: ODD, utm_source: ODD });
    expect(payload.click.params).toEqual({ n: ODD, [ODD]: 'name' });
  });

  test('do not stop a test click', async () => {
    const target = await receiver();
    const link = await newLink({ name: ODD, webhooks: [target.url] });
    expect((await stack.call('POST', `/link/${link.id}/webhooks/test`)).status).toBe(202);
    const [only] = await target.waitFor(1);
    expect(JSON.parse(only?.body ?? '').link.name).toBe(ODD);
  });
});

describe('a short link', () => {
  test.each(['/', '//', '%2F', '/?utm_source=x', '//?a=1'])('opens with %s at its end', async (end) => {
    const link = await newLink();
    const answer = await stack.click(link.slug + end);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://example.com/landing-page',
    ]);
  });

  test('answers HEAD like GET and does not count it', async () => {
    const target = await receiver();
    const link = await newLink();
    await stack.call('POST', `/link/${link.id}/webhooks`, { url: target.url });
    const head = await stack.click(link.slug, { method: 'HEAD' });
    expect([head.status, head.headers.get('location')]).toEqual([302, 'https://example.com/landing-page']);
    await stack.click(`${link.slug}?get=1`);
    const [only] = await target.waitFor(1);
    expect(JSON.parse(only?.body ?? '').click.params).toEqual({ get: '1' });
  });

  test('that is unknown, disabled or in the trash is a 404 page', async () => {
    const off = await newLink({ enabled: false });
    const trashed = await newLink();
    await stack.call('DELETE', `${stack.path}/links/${trashed.id}`);
    for (const path of [
      '/no-such-link',
      '/',
      off.slug,
      trashed.slug,
      '/favicon.ico',
      `/${'x'.repeat(2_100)}`,
      ...[2_041, 2_042, 2_045, 2_048].map((bytes) => `/${'x'.repeat(bytes - 1)}`),
      `/${encodeURIComponent('\ufb2c'.repeat(680))}`,
      '/100%25',
      '//x',
    ]) {
      const answer = await stack.click(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
  });
});
