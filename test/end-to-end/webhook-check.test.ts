import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type Authority, createAuthority } from './certificates.ts';
import { type DnsServer, startDnsServer } from './dns-server.ts';
import { createWorkspace, type LocalStack, startLocal, type Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const HOST = 'hooks.example.com';
let stack: LocalStack;
let workspace: Workspace;
let receiver: Receiver;
let dns: DnsServer;
let authority: Authority;
let secure: Server;
let linkId: number;

beforeAll(async () => {
  [dns, authority, receiver] = await Promise.all([startDnsServer(), createAuthority(), startReceiver()]);
  dns.zones.set(HOST, ['127.0.0.1']);
  dns.zones.set('private.example.com', ['10.0.0.1']);
  const { chain, key } = await authority.issueByIntermediate([HOST]);
  secure = createServer({ cert: chain, key }, (_request, response) =>
    response.writeHead(302, { location: '/new' }).end('Moved'),
  ).listen(0, '127.0.0.1');
  stack = await startLocal({ CLICKHOOK_DNS_SERVERS: dns.address, NODE_EXTRA_CA_CERTS: authority.file });
});

afterAll(async () => {
  await stack?.stop();
  secure?.closeAllConnections();
  secure?.close();
  await Promise.all([receiver?.close(), dns?.close(), authority?.remove()]);
});

beforeEach(async () => {
  // Each workspace has a limit of its own.
  workspace = await createWorkspace(stack.url);
  linkId = (await workspace.call('POST', '/link', { url: 'https://example.com/', name: 'Checked' })).body.id;
  receiver.received.length = 0;
});

const atLink = (path: string) => `/link/${linkId}/webhooks/${path}`;
const atWorkspace = (path: string) => `${workspace.path}/webhooks/${path}`;

describe('the check of a webhook', () => {
  test('delivers a sample click of the link to a URL that is not saved', async () => {
    const url = `${receiver.url}/hook`;
    const { status, body } = await workspace.call('POST', atLink('check'), { url: ` ${url} ` });
    expect([status, body]).toEqual([
      200,
      {
        url,
        outcome: 'delivered',
        reason: null,
        status: 204,
        message: 'The server accepted the click. This webhook works.',
        timings: {
          dns_ms: expect.any(Number),
          connection_ms: expect.any(Number),
          tls_ms: null,
          response_ms: expect.any(Number),
        },
        response_body: '',
      },
    ]);
    expect(receiver.received).toHaveLength(1);
    const payload = JSON.parse(receiver.received[0]?.body ?? '');
    expect(payload).toMatchObject({ event: 'click', link: { id: linkId, name: 'Checked' } });
    expect(payload.click.params).toEqual({ clickhook_test: 'true' });
    expect((await workspace.call('GET', `/link/${linkId}/webhooks`)).body).toEqual([]);
  });

  test('is signed like every delivery', async () => {
    const { secret } = (await workspace.call('POST', `${workspace.path}/signing-secret`)).body;
    await workspace.call('POST', atWorkspace('check'), { url: receiver.url });
    const [{ body, headers }] = receiver.received as [Receiver['received'][number]];
    new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(JSON.parse(body).link).toMatchObject({ id: 0, workspace_id: workspace.id });
  });

  test('reaches a host by its name over TLS, and names the target of a redirect', async () => {
    const url = `https://${HOST}:${(secure.address() as AddressInfo).port}/old`;
    const { body } = await workspace.call('POST', atWorkspace('check'), { url });
    expect(body).toMatchObject({ outcome: 'failed', reason: 'status', status: 302, response_body: 'Moved' });
    expect(body.message).toBe(
      `The server redirected to ${url.replace('/old', '/new')}. Webhooks do not follow redirects; use that address.`,
    );
    expect(body.timings.tls_ms).toEqual(expect.any(Number));
  });

  test.each([
    ['https://private.example.com/', 'private or reserved address'],
    ['http://169.254.169.254/latest', 'private or reserved address'],
    ['http://10.0.0.1/', 'private or reserved address'],
    ['https://user:secret@hooks.example.com/', 'Remove them'],
  ])('of %s is refused and says why', async (url, says) => {
    const { status, body } = await workspace.call('POST', atLink('check'), { url });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ outcome: 'refused', status: null, message: expect.stringContaining(says) }),
    ]);
  });

  test.each(
    [
      [{}, 'is missing'],
      [{ url: 7 }, 'must be text: the URL that receives the clicks'],
      [{ url: 'example' }, 'must be a full URL, such as https://example.com/hook'],
      [{ url: 'ftp://example.com/' }, 'must start with https:// or http://'],
      [{ url: 'https://example.com/a https://example.com/b' }, 'must be one URL without spaces'],
      [{ url: `https://example.com/${'a'.repeat(2_048)}` }, 'must be at most 2048 characters long'],
    ].map(([sent, says]): [string, object, string] => [
      JSON.stringify(sent).slice(0, 60),
      sent as object,
      says as string,
    ]),
  )('of %s is a 422 at `url`, which does not count against the limit', async (_sent, sent, says) => {
    const { status, body } = await workspace.call('POST', atLink('check'), sent);
    expect([status, body.errors.url]).toEqual([422, [expect.stringContaining(says)]]);
    expect((await workspace.call('POST', atLink('check'), { url: receiver.url })).status).toBe(200);
  });

  test('rejects options besides `url`', async () => {
    const sent = { url: receiver.url, method: 'GET' };
    expect((await workspace.call('POST', atLink('check'), sent)).body.errors).toEqual({
      method: [expect.any(String)],
    });
  });

  test('is possible once per second and workspace, for all its links together', async () => {
    const check = (path: string) =>
      fetch(`${stack.url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${workspace.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ url: receiver.url }),
      });
    const answers: Response[] = [];
    const limitedOnes = () => answers.filter(({ status }) => status === 429);
    // A busy machine can take more than a second for one call.
    while (limitedOnes().length === 0)
      answers.push(...(await Promise.all([check(atLink('check')), check(atWorkspace('check'))])));
    expect(receiver.received).toHaveLength(answers.length - limitedOnes().length);
    const [limited] = limitedOnes();
    expect(limited?.headers.get('retry-after')).toBe('1');
    expect(await limited?.json()).toMatchObject({ code: 'rate_limit_exceeded' });
    let next: number;
    do next = (await check(atLink('check'))).status;
    while (next === 429);
    expect(next).toBe(200);
  });

  test('of another workspace’s link, and in another workspace, is a 404 and sends nothing', async () => {
    const other = await createWorkspace(stack.url);
    for (const path of [atLink('check'), atWorkspace('check'), atWorkspace('test')]) {
      expect(await other.call('POST', path, { url: receiver.url })).toEqual({
        status: 404,
        body: { error: 'Not found', code: 'not_found' },
      });
    }
    expect(receiver.received).toEqual([]);
  });

  test('leaves no trace in counts, in reports and in the logs', async () => {
    const before = stack.output().length;
    await workspace.call('POST', atLink('check'), { url: `${receiver.url}/never-logged` });
    const list = await workspace.call('GET', `${workspace.path}/list_links`);
    expect(list.body.links[0]).toMatchObject({ clicks_total: 0 });
    const clicks = await workspace.call('GET', `${workspace.path}/clicks/export?format=json`);
    expect(clicks.body).toEqual([]);
    expect(stack.output().slice(before)).not.toMatch(/Webhook|never-logged/);
  });
});

describe('a test click', () => {
  test.each([
    ['link', atLink],
    ['workspace', atWorkspace],
  ])('of a %s without a webhook says so', async (_owner, at) => {
    const { status, body } = await workspace.call('POST', at('test'));
    expect([status, body]).toMatchObject([200, { webhooks: 0, payload: { event: 'click' } }]);
    expect(body.message).toMatch(/^Nothing was sent, because .* Add a webhook first\.$/);
  });

  test('of a workspace reaches the webhooks of the workspace, and those of no link', async () => {
    await workspace.call('POST', `${workspace.path}/webhooks`, { url: `${receiver.url}/workspace` });
    await workspace.call('POST', `/link/${linkId}/webhooks`, { url: `${receiver.url}/link` });
    const ofWorkspace = await workspace.call('POST', atWorkspace('test'));
    expect([ofWorkspace.status, ofWorkspace.body.webhooks]).toEqual([202, 1]);
    await receiver.waitFor(1);
    const ofLink = await workspace.call('POST', atLink('test'));
    expect([ofLink.status, ofLink.body.webhooks]).toEqual([202, 2]);
    const received = await receiver.waitFor(3);
    expect(received.map(({ path }) => path).sort()).toEqual(['/link', '/workspace', '/workspace']);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(ofWorkspace.body.payload);
  });
});
