import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_ROUTES, type Route } from '../../lambdas/endpoints.ts';
import { createWorkspace, type LocalStack, startLocal, type Workspace } from './local-stack.ts';

/** Every route with the key of another workspace. The routes come from the declarations that create the gateway. */
let stack: LocalStack;
let other: Workspace;
/** The values of path parameters: existing objects of workspace 1. */
let ours: Record<string, string>;

const HOOK_URL = 'https://hooks.example.com/?secret=1';

beforeAll(async () => {
  stack = await startLocal();
  other = await createWorkspace(stack.url);
  const link = (await stack.call('POST', '/link', { url: 'https://example.com/' })).body;
  const hook = (await stack.call('POST', `/link/${link.id}/webhooks`, { url: HOOK_URL })).body;
  await stack.call('POST', '/workspace/1/webhooks', { url: HOOK_URL });
  const key = (await stack.call('POST', '/workspace/1/keys', {})).body;
  await stack.call('POST', '/workspace/1/signing-secret', {});
  const domain = (await stack.call('POST', '/workspace/1/domains', { name: 'go.example.com' })).body;
  ours = {
    workspace_id: '1',
    link_id: String(link.id),
    hook_id: hook.hook_id,
    prefix: key.prefix,
    domain_id: String(domain.id),
    counter: 'country',
  };
});

afterAll(async () => {
  await stack?.stop();
});

const named = ({ method, path }: Route) => [`${method} ${path}`, { method, path }] as const;

/** The path of a route for objects of workspace 1. @throws for a parameter without a value here */
function filled(path: string): string {
  return path.replace('/api/v1', '').replace(/\{(\w+)\+?\}/g, (_match, name: string) => {
    const value = ours[name];
    if (value === undefined) throw new Error(`Say in this test what ${name} of ${path} is in workspace 1`);
    return value;
  });
}

/** Everything that workspace 1 can see of itself. */
async function everything(): Promise<string> {
  const reads = API_ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => filled(path));
  return JSON.stringify(await Promise.all(reads.map((path) => stack.call('GET', path))));
}

function asOther(method: string, path: string, body: object = {}, headers: Record<string, string> = {}) {
  const sent = method === 'GET' ? undefined : { name: 'Theirs', url: 'https://theirs.example.com/', ...body };
  return stack.call(method, path, sent, { authorization: `Bearer ${other.key}`, ...headers });
}

const NOT_FOUND = { status: 404, body: { error: 'Not found', code: 'not_found' } };

describe('with the key of another workspace', () => {
  const onObjects = API_ROUTES.filter(({ path }) => path.includes('{')).map(named);
  test.each(onObjects)(
    '%s responds as if the object did not exist, and changes nothing',
    async (_name, route) => {
      const before = await everything();
      expect(await asOther(route.method, filled(route.path))).toEqual(NOT_FOUND);
      expect(await everything()).toBe(before);
    },
  );

  test.each(API_ROUTES.map(named))(
    '%s is a 404 when the request names workspace 1 anywhere',
    async (_name, route) => {
      const before = await everything();
      // The path is the caller's own or any other. Naming another workspace is enough for a 404.
      const path = filled(route.path).replace('/workspace/1', `/workspace/${other.id}`);
      const asked = `${path}${path.includes('?') ? '&' : '?'}workspace_id=1`;
      const answers = [
        await asOther(route.method, path, {}, { 'x-workspace-id': '1' }),
        await asOther(route.method, asked),
        await asOther(route.method, `${asked}&workspace_id=${other.id}`),
        ...(route.method === 'GET' ? [] : [await asOther(route.method, path, { workspace_id: 1 })]),
        ...(route.method === 'GET' ? [] : [await asOther(route.method, path, { workspace_id: '1' })]),
      ];
      expect(answers).toEqual(answers.map(() => NOT_FOUND));
      expect(await everything()).toBe(before);
    },
  );

  test('a link of workspace 1 cannot be saved by its id in the body', async () => {
    const before = await everything();
    const answer = await asOther('POST', '/link', { id: Number(ours.link_id) });
    expect(answer.status).toBe(404);
    expect(await everything()).toBe(before);
  });

  test.each([
    ['list_links?page=2&page_size=1'],
    ['list_links?page=-1'],
    ['list_links?page=1e9'],
    ['list_links?page_size=0'],
    ['list_links?cursor=eyJwayI6IldPUktTUEFDRSMxIn0'],
    ['list_links?search=%7B%22pk%22%3A%22WORKSPACE%231%22%7D'],
    ['links/export?cursor=0'],
    ['links/export?cursor=1'],
    ['links/export?cursor=-1'],
    ['links/export?cursor=eyJwayI6IldPUktTUEFDRSMxIn0'],
    ['links/export?cursor=999999999999999'],
  ])(
    '%s, with a page or a cursor that does not exist, shows nothing of workspace 1 and is not a 5xx',
    async (query) => {
      const answer = await asOther('GET', `/workspace/${other.id}/${query}`);
      expect(answer.status).toBeLessThan(500);
      if (answer.status === 200) expect(answer.body.links ?? answer.body).toEqual([]);
    },
  );
});

describe.each([
  ['without a key', ''],
  ['with a wrong key', 'ck_wrong_key_of_nobody'],
])('%s', (_title, key) => {
  test.each(API_ROUTES.map(named))('%s is a 401', async (_name, route) => {
    const answer = await stack.call(
      route.method,
      filled(route.path),
      route.method === 'GET' ? undefined : {},
      {
        authorization: key && `Bearer ${key}`,
      },
    );
    expect(answer).toEqual({ status: 401, body: { error: 'Not authorized', code: 'unauthorized' } });
  });
});

test('a revoked key is a 401 at once', async () => {
  const { key, prefix } = (await stack.call('POST', '/workspace/1/keys', {})).body;
  const list = () => stack.call('GET', '/workspaces', undefined, { authorization: `Bearer ${key}` });
  expect((await list()).status).toBe(200);
  await stack.call('DELETE', `/workspace/1/keys/${prefix}`);
  expect((await list()).status).toBe(401);
});
