import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import type { Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type VisitOptions, visit } from './visit.ts';

const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const URL_OF_LINKS = 'https://example.com/landing-page';

let stack: Workspace;
let target: Receiver;

beforeAll(async () => {
  stack = await sharedWorkspace();
  target = await startReceiver();
  // Before any click, because a function caches settings for 30 s.
  const settings = { excluded_ips: '127.9.0.0/16', skip_crawlers: true };
  expect((await stack.call('PATCH', stack.path, settings)).status).toBe(200);
  await stack.call('POST', `${stack.path}/webhooks`, { url: target.url });
});

afterAll(async () => {
  await target?.close();
});

async function newLink(fields: object = {}): Promise<{ id: number; slug: string; full_url: string }> {
  const { status, body } = await stack.call('POST', '/link', { url: URL_OF_LINKS, ...fields });
  expect(status).toBe(200);
  return body;
}

const open = (path: string, options?: VisitOptions) => visit(stack.url, path, options);
/** The clicks of a link that a webhook received: exactly this many when a later click has arrived. */
async function recordedOf(link: { id: number }, number: number): Promise<any[]> {
  const clicksOf = (id: number) =>
    target.received.map(({ body }) => JSON.parse(body)).filter((click) => click.link.id === id);
  const arrived = async (id: number, least: number) => {
    while (clicksOf(id).length < least) await target.waitFor(target.received.length + 1);
  };
  await arrived(link.id, number);
  const last = await newLink();
  await open(last.slug);
  await arrived(last.id, 1);
  const clicks = clicksOf(link.id);
  expect(clicks).toHaveLength(number);
  return clicks;
}

describe('a recorded click', () => {
  test('comes neither from an excluded address nor from a skipped crawler, and both still reach the destination', async () => {
    const link = await newLink();
    for (const visitor of [
      { from: '127.9.8.7' },
      { headers: { 'user-agent': GOOGLEBOT } },
      { from: '127.10.8.7' },
    ]) {
      expect((await open(`${link.slug}?from=${visitor.from ?? 'bot'}`, visitor)).status).toBe(302);
    }
    const clicks = await recordedOf(link, 1);
    expect(clicks.map(({ click }) => click.params.from)).toEqual(['127.10.8.7']);
  });

  test('is never a prefetch, which is asked to come again', async () => {
    const link = await newLink();
    const answer = await open(link.slug, { headers: { 'sec-purpose': 'prefetch' } });
    expect([answer.status, answer.headers['cache-control']]).toEqual([503, 'private, no-store']);
    await recordedOf(link, 0);
  });
});

describe('a link with a click limit', () => {
  test('expires when its clicks have been counted, and works again with a higher limit', async () => {
    const link = await newLink({ expiry_clicks: 2 });
    for (let number = 0; number < 2; number++) expect((await open(link.slug)).status).toBe(302);
    let answer = await open(link.slug, { method: 'HEAD' });
    while (answer.status === 302) answer = await open(link.slug, { method: 'HEAD' });
    expect((await open(link.slug)).body).toContain('This link has expired');
    await recordedOf(link, 2);

    await stack.call('POST', '/link', { id: link.id, name: 'Renamed' });
    expect((await open(link.slug)).status).toBe(404);
    await stack.call('POST', '/link', { id: link.id, expiry_clicks: 1 });
    expect((await open(link.slug)).status).toBe(404);
    await stack.call('POST', '/link', { id: link.id, expiry_clicks: 10 });
    expect((await open(link.slug)).status).toBe(302);
  });
});

describe('a custom domain', () => {
  const host = 'go.localhost';

  test('has its own links: the same slug on two domains is two links', async () => {
    const refused = await stack.call('POST', '/link', { url: URL_OF_LINKS, slug: '/two', domain: host });
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, ['domain']]);
    expect((await stack.call('POST', `${stack.path}/domains`, { name: host })).status).toBe(201);
    const own = await newLink({ slug: '/two', domain: host, url: 'https://own.example/' });
    const byDefault = await newLink({ slug: '/two' });
    const port = new URL(stack.url).port;
    expect(own.full_url).toBe(`http://${host}:${port}/two`);
    expect(byDefault.full_url).toBe(`http://localhost:${port}/two`);
    expect((await open('/two', { host: `${host}:${port}` })).headers.location).toBe('https://own.example/');
    expect((await open('/two')).headers.location).toBe(URL_OF_LINKS);
    expect((await open('/Two')).status).toBe(404);
    const [click] = await recordedOf(own, 1);
    expect(click.link).toMatchObject({ domain: host, full_url: own.full_url, slug: '/two' });
  });

  test('has a link at once after it is moved there, and the default host no longer has it', async () => {
    const link = await newLink({ slug: '/moves/here' });
    await stack.call('POST', '/link', { id: link.id, domain: host });
    expect((await open('/moves/here')).status).toBe(404);
    expect((await open('/moves/here', { host })).status).toBe(302);
    await stack.call('POST', '/link', { id: link.id, domain: null });
    expect((await open('/moves/here')).status).toBe(302);
    expect((await open('/moves/here', { host })).status).toBe(404);
  });
});

describe('a link with a password', () => {
  test('asks for it first and counts the click when it is correct', async () => {
    const link = await newLink({ password: 'hunter two', forward_params: true });
    const { body: shown } = await stack.call('GET', `/link/${link.id}`);
    expect(shown.password).toBe('********');
    expect((await open(`${link.slug}?a=1`)).body).toContain('type="password"');
    expect((await open(`${link.slug}?a=1`, { form: { password: 'hunter' } })).status).toBe(403);
    const answer = await open(`${link.slug}?a=1`, { form: { password: 'hunter two' } });
    expect([answer.status, answer.headers.location]).toEqual([303, `${URL_OF_LINKS}?a=1`]);
    await recordedOf(link, 1);
  });
});

describe('a webhook that points to a short link', () => {
  test('never clicks the link, so that no click causes another', async () => {
    const link = await newLink();
    const hook = await stack.call('POST', `/link/${link.id}/webhooks`, { url: `${stack.url}${link.slug}` });
    expect(hook.status).toBe(201);
    await open(link.slug);
    await recordedOf(link, 1);
    await recordedOf(link, 1);
  });
});
