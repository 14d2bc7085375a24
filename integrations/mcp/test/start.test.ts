import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Workspace } from '../../../test/end-to-end/local-stack.ts';
import { startReceiver } from '../../../test/end-to-end/receiver.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { startAgent } from './agent.ts';

let workspace: Workspace;

const settings = () => ({ CLICKHOOK_BASE_URL: workspace.url, CLICKHOOK_API_KEY: workspace.key });

beforeAll(async () => {
  workspace = await sharedWorkspace();
});

test('with CLICKHOOK_READ_ONLY=1 there are only tools that read, and others refuse', async () => {
  const reader = await startAgent({ ...settings(), CLICKHOOK_READ_ONLY: '1' });
  const tools = await reader.tools();
  expect(tools.filter(({ annotations }) => !annotations?.readOnlyHint)).toEqual([]);
  expect(tools.length).toBeGreaterThan(5);
  expect(await reader.failure('create_link', { url: 'https://example.com/read-only' })).toContain(
    'only reads',
  );
  expect((await reader.call('list_links', { search: 'read-only' })).links).toEqual([]);
  await reader.close();
});

describe('the server does not start, and says why, with', () => {
  test.each([
    ['no base URL', () => ({ CLICKHOOK_BASE_URL: '' }), 'CLICKHOOK_BASE_URL is missing'],
    ['a base URL that is none', () => ({ CLICKHOOK_BASE_URL: 'go.example.com' }), 'is not a URL'],
    [
      'a base URL that nobody answers',
      () => ({ CLICKHOOK_BASE_URL: 'http://127.0.0.1:9' }),
      'cannot be reached',
    ],
    ['no key', () => ({ CLICKHOOK_API_KEY: '' }), 'CLICKHOOK_API_KEY is missing'],
    ['a wrong key', () => ({ CLICKHOOK_API_KEY: 'ck_wrong' }), 'That API key isn’t valid'],
    ['a mistyped read-only mode', () => ({ CLICKHOOK_READ_ONLY: 'ja' }), 'CLICKHOOK_READ_ONLY is "ja"'],
  ])('%s', async (_case, changed, message) => {
    await expect(startAgent({ ...settings(), ...changed() })).rejects.toThrow(message);
  });

  test('the address of another server', async () => {
    const other = await startReceiver((response) => response.end('<html>'));
    await expect(startAgent({ ...settings(), CLICKHOOK_BASE_URL: other.url })).rejects.toThrow(
      'Check CLICKHOOK_BASE_URL',
    );
    await other.close();
  });

  test('an address that redirects, where the key is not sent on', async () => {
    const target = await startReceiver();
    const other = await startReceiver((response) => response.writeHead(301, { location: target.url }).end());
    await expect(startAgent({ ...settings(), CLICKHOOK_BASE_URL: other.url })).rejects.toThrow(
      `redirects to ${target.url}`,
    );
    expect(target.received).toEqual([]);
    await Promise.all([other.close(), target.close()]);
  });
});
