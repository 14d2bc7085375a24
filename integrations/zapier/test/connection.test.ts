import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createWorkspace, type Workspace } from '../../../test/end-to-end/local-stack.ts';
import { startReceiver } from '../../../test/end-to-end/receiver.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { app, authDataOf, failure, run } from './zapier-app.ts';

let workspace: Workspace;

beforeAll(async () => {
  const { url } = await sharedWorkspace();
  workspace = await createWorkspace(url, 'Marketing');
});

const connect = (authData: { base_url: string; api_key: string }) =>
  run(app.authentication.test, { authData });

/** A loopback address on which no server listens. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a connection', () => {
  test('is tested with the key, and is labelled with its workspace and host', async () => {
    const result = await connect(authDataOf(workspace));
    const { host } = new URL(workspace.url);
    expect(result).toEqual({ workspace_id: workspace.id, workspace_name: 'Marketing', host });
    expect(app.authentication.connectionLabel({}, { inputData: result })).toBe(`Marketing (${host})`);
  });

  test.each(['/', '/app', '/app#/links/2', '/api/v1', '/docs?x=1'])(
    'accepts the address with %s at its end, and spaces around address and key',
    async (end) => {
      const authData = { base_url: ` ${workspace.url}${end} `, api_key: ` ${workspace.key} ` };
      expect(await connect(authData)).toMatchObject({ workspace_id: workspace.id });
    },
  );
});

describe('a connection fails', () => {
  test('with a wrong key: the user is asked for another', async () => {
    const authData = { ...authDataOf(workspace), api_key: 'ck_wrong' };
    expect(await failure(connect(authData))).toEqual({
      name: 'ExpiredAuthError',
      message: "That API key isn't valid. Check that you copied all of it, then connect Clickhook again.",
    });
  });

  test.each(['', 'http://go.example.com', 'ftp://go.example.com', 'https://', 'go example'])(
    'with the address "%s", and sends the key nowhere',
    async (base_url) => {
      const { message } = await failure(connect({ base_url, api_key: workspace.key }));
      expect(message).toMatch(
        /^The address of your Clickhook must be a full URL that starts with https:\/\//,
      );
    },
  );

  test('with an address at which no server listens', async () => {
    const base_url = await closedAddress();
    const { message } = await failure(connect({ base_url, api_key: workspace.key }));
    expect(message).toBe(
      `Could not reach ${base_url}: no server answers there. Check the address of your Clickhook.`,
    );
  });

  test.each([
    [200, '<h1>Shop</h1>'],
    [404, '<h1>Not found</h1>'],
    [404, '{"error":"Not found","code":"unknown_route"}'],
  ])('with the address of a server that is no Clickhook and answers %d %s', async (status, body) => {
    const server = await startReceiver((response) => response.writeHead(status).end(body));
    const { message } = await failure(connect({ base_url: server.url, api_key: workspace.key }));
    await server.close();
    expect(message).toContain(`${server.url} answers, but not as a Clickhook.`);
  });

  test('with an address that redirects: the message has the right one, which does not get the key', async () => {
    const target = await startReceiver();
    const location = `${target.url}/api/v1/test`;
    const server = await startReceiver((response) => response.writeHead(301, { location }).end());
    const { message } = await failure(connect({ base_url: server.url, api_key: workspace.key }));
    await Promise.all([server.close(), target.close()]);
    expect(message).toBe(
      `${server.url} redirects to ${target.url}. Connect Clickhook again with that address.`,
    );
    expect(target.received).toEqual([]);
  });
});

test('a server error is named by its status', async () => {
  const server = await startReceiver((response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
  const { message } = await failure(connect({ base_url: server.url, api_key: workspace.key }));
  await server.close();
  expect(message).toContain(`${server.url} answers with the status 502.`);
});

describe('a step that is limited is repeated', () => {
  const OWN = {
    error: 'rate_limit_exceeded',
    code: 'rate_limit_exceeded',
    message: 'This key has made 601 calls',
  };
  test.each([
    ['by Clickhook, when Clickhook says', OWN, { 'retry-after': '7' }, 7],
    ['by the gateway, a minute later', { message: 'Too Many Requests' }, {}, 60],
  ])('%s', async (_who, body, headers, delay) => {
    const server = await startReceiver((response) =>
      response.writeHead(429, headers).end(JSON.stringify(body)),
    );
    const error = await connect({ base_url: server.url, api_key: workspace.key }).catch((reason) => reason);
    await server.close();
    expect(error.name).toBe('ThrottledError');
    expect(JSON.parse(error.message)).toEqual({ message: body.message, delay });
  });
});
