import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  check,
  create as createKey,
  list as listKeys,
  revoke as revokeKey,
} from '../../../lambdas/keys/handlers.ts';
import { create as createWorkspace, list as listWorkspaces } from '../../../lambdas/workspaces/handlers.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';

const table = engineTable();
let first: string;
const path = { workspace_id: '1' };

beforeEach(async () => {
  await table.clear();
  first = ((await createWorkspace({})) as { key: string }).key;
  await table.addWorkspace(2, OTHER_KEY);
});

const listed = async (key = first) => (await call(listKeys, { key, pathParameters: path })).body;
const made = async () => (await call(createKey, { method: 'POST', key: first, pathParameters: path })).body;
const revoke = (prefix: string, key = first) =>
  call(revokeKey, { method: 'DELETE', key, pathParameters: { ...path, prefix } });
const opens = async (key: string) => (await call(listWorkspaces, { key })).status === 200;

describe('a check', () => {
  const checked = (options: object = {}) => call(check, { key: first, ...options });

  test('returns the workspace and the key of the call, without its secret part', async () => {
    const { key, prefix, created_at } = await made();
    const { status, body } = await checked({ key });
    expect(status).toBe(200);
    expect(body).toEqual({ workspace: { id: 1, name: 'My workspace' }, key: { prefix, created_at } });
    expect(JSON.stringify(body)).not.toContain(key);
    expect((await checked()).body.key.prefix).not.toBe(prefix);
  });

  test.each([[{ any: ['thing'] }], [{}], [[]], ['text'], [7], [null]])(
    'accepts the body %j, and changes nothing',
    async (json) => {
      const before = await table.all();
      expect(await checked({ method: 'POST', json })).toMatchObject({
        status: 200,
        body: { workspace: { id: 1 } },
      });
      expect(await table.all()).toEqual(before);
    },
  );

  test('that names another workspace is a 404', async () => {
    expect((await checked({ method: 'POST', json: { workspace_id: 2 } })).status).toBe(404);
  });

  test('with a key that is revoked in the meantime is a 401', async () => {
    const { key, prefix } = await made();
    await table.remove({ pk: 'WORKSPACE#1', sk: `KEY#${prefix}` });
    expect((await checked({ key })).status).toBe(401);
  });
});

describe('a second key', () => {
  test('is shown once, is valid for the workspace, and is listed only by its prefix', async () => {
    const { status, body } = await call(createKey, { method: 'POST', key: first, pathParameters: path });
    expect(status).toBe(201);
    expect(body.key).toMatch(/^ck_[\w-]{43}$/);
    expect(await opens(body.key)).toBe(true);
    const keys = await listed(body.key);
    expect(keys).toHaveLength(2);
    expect(keys.find(({ current }: { current: boolean }) => current)).toEqual({
      prefix: body.prefix,
      created_at: body.created_at,
      current: true,
    });
    expect(body.prefix.startsWith(body.key.slice(0, 8))).toBe(true);
    expect(JSON.stringify(await table.all())).not.toContain(body.key);
    expect(JSON.stringify(keys)).not.toContain(body.key);
  });

  test('that is revoked is invalid from then on, and revoking it again is a 404', async () => {
    const { key, prefix } = await made();
    expect(await revoke(prefix)).toMatchObject({ status: 200, body: { prefix, deleted: true } });
    expect([await opens(key), await opens(first)]).toEqual([false, true]);
    expect(await listed()).toHaveLength(1);
    expect((await revoke(prefix)).status).toBe(404);
  });

  test('can revoke the first, but no key can revoke itself', async () => {
    const { key } = await made();
    const [{ prefix }] = (await listed()).filter(({ current }: { current: boolean }) => current);
    expect(await revoke(prefix)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('another') },
    });
    expect(await opens(first)).toBe(true);
    expect((await revoke(prefix, key)).status).toBe(200);
    expect([await opens(first), await opens(key)]).toEqual([false, true]);
  });

  test('cannot be created, listed or revoked with the key of another workspace', async () => {
    const { key, prefix } = await made();
    const writes = table.writes.length;
    for (const answer of [
      await revoke(prefix, OTHER_KEY),
      await call(listKeys, { key: OTHER_KEY, pathParameters: path }),
      await call(createKey, { method: 'POST', key: OTHER_KEY, pathParameters: path }),
      // A prefix of workspace 1 in the path of workspace 2.
      await call(revokeKey, { key: OTHER_KEY, pathParameters: { workspace_id: '2', prefix } }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(await opens(key)).toBe(true);
    expect(table.writes).toHaveLength(writes);
  });

  test.each([[''], ['nothing'], ['../SETTINGS'], ['#']])('named %j is a 404', async (prefix) => {
    expect((await revoke(prefix)).status).toBe(404);
  });

  test.each([
    [{ scopes: ['read'] }, ['scopes']],
    [{ scope: 'read', name: 'CI', expires_at: null }, ['scope', 'name', 'expires_at']],
    [{ constructor: 1, ['x'.repeat(90)]: 1 }, ['constructor', `${'x'.repeat(60)}…`]],
  ])('with unknown options is not created, and each option is named (case %#)', async (json, names) => {
    const answer = await call(createKey, { method: 'POST', key: first, pathParameters: path, json });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(answer.body.errors).toEqual(
      Object.fromEntries(names.map((name) => [name, ['is not a field of this call. Remove it']])),
    );
    expect(await listed()).toHaveLength(1);
  });

  test.each([
    ['toString=1', 'toString'],
    ['constructor=x', 'constructor'],
    ['constructor[prototype][x]=1', 'constructor'],
    ['hasOwnProperty=1', 'hasOwnProperty'],
    ['valueOf[]=1', 'valueOf'],
    ['__proto__[a]=1', '__proto__'],
    ['__proto__=1', '__proto__'],
    ['__proto__.a=1', '__proto__.a'],
    ['scopes[__proto__]=1', 'scopes'],
    ['scopes[__proto__][a]=1&workspace_id=1', 'scopes'],
    ['scopes.0=read', 'scopes.0'],
    ['{"__proto__":{"scopes":1}}', '__proto__'],
    ['{"constructor":{"prototype":{}}}', 'constructor'],
    ['{"":1}', '""'],
  ])('with %s is not created either', async (body, name) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call(createKey, { method: 'POST', key: first, pathParameters: path, body, headers });
    expect(answer).toMatchObject({
      status: 422,
      body: { error: `${name}: is not a field of this call. Remove it.` },
    });
    expect(Object.keys(answer.body.errors)).toEqual([name]);
    expect(await listed()).toHaveLength(1);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  test('with an option in the query is not created either', async () => {
    const query = 'scopes=read&workspace_id=1';
    const answer = await call(createKey, { method: 'POST', key: first, pathParameters: path, query });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: { scopes: ['is not a field of this call. Remove it'] } },
    });
    expect(await listed()).toHaveLength(1);
  });

  test('with tens of thousands of options in the body is rejected with a short response', async () => {
    const json = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`option${index}`, 1]));
    const answer = await call(createKey, { method: 'POST', key: first, pathParameters: path, json });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
  });

  test.each([[{}], [null], [{ api_key: 'ck_unused', workspace_id: 1 }]])(
    'is created by a body of %j',
    async (json) => {
      const options = { method: 'POST', key: first, pathParameters: path, query: 'workspace_id=1' };
      expect((await call(createKey, { ...options, ...(json ? { json } : {}) })).status).toBe(201);
    },
  );

  test.each([[[]], ['text'], [7]])('is not created by a body of %j', async (json) => {
    expect((await call(createKey, { method: 'POST', key: first, pathParameters: path, json })).status).toBe(
      422,
    );
  });

  test('is rejected beyond 25', async () => {
    for (let number = 2; number <= 25; number++) await made();
    const answer = await call(createKey, { method: 'POST', key: first, pathParameters: path });
    expect(answer).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('Revoke one first') },
    });
    expect(await listed()).toHaveLength(25);
  });
});

test('that the operator has chosen is listed by half of it at most, if it is short', async () => {
  await createWorkspace({ workspace_id: 1, key: 'ck_local' });
  const prefixes = (await listed()).map(({ prefix }: { prefix: string }) => prefix);
  expect(prefixes.join()).toContain('ck_l');
  expect(prefixes.join()).not.toContain('ck_lo');
});
