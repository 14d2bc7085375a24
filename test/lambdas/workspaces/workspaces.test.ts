import { beforeEach, describe, expect, test } from '@jest/globals';
import { hashApiKey } from '../../../lambdas/core/api-key.ts';
import { type CreatedWorkspace, handler as create } from '../../../lambdas/workspaces/create.ts';
import { handler as list } from '../../../lambdas/workspaces/list.ts';
import { call } from '../call.ts';
import { FakeTable } from '../fake-table.ts';

let table: FakeTable;
const made = async (request?: object) =>
  (await create(request)) as Extract<CreatedWorkspace, { key: string }>;

beforeEach(() => {
  table = new FakeTable();
});

describe('creating a workspace', () => {
  test('answers an id and a key that opens it, and stores only the hash of the key', async () => {
    const { id, key } = await made();
    expect(id).toBe(1);
    expect(key).toMatch(/^ck_[\w-]{43}$/);
    expect(JSON.stringify([...table.items])).not.toContain(key);
    expect(table.items.has(`KEY#${hashApiKey(key)} KEY`)).toBe(true);
    expect((await call(list, { key })).body).toEqual([{ id: 1, name: 'My workspace' }]);
  });

  test('makes another one each time, with a key of its own', async () => {
    const [first, second] = [await made({ name: 'One' }), await made({ name: 'Two' })];
    expect([first.id, second.id]).toEqual([1, 2]);
    expect(first.key).not.toBe(second.key);
    expect((await call(list, { key: second.key })).body).toEqual([{ id: 2, name: 'Two' }]);
  });

  test('with an own key takes it, and repeating the call changes nothing', async () => {
    expect(await made({ key: 'ck_test_own' })).toEqual({ id: 1, key: 'ck_test_own' });
    const writes = table.writes.length;
    expect(await made({ key: 'ck_test_own' })).toEqual({ id: 1, key: 'ck_test_own' });
    expect(table.writes).toHaveLength(writes);
  });

  test('that dies before the key is written leaves no key that opens anything', async () => {
    table.crash = { write: 4, when: 'before' };
    await expect(create({ key: 'ck_test_own' })).rejects.toThrow('crash');
    table.crash = undefined;
    expect((await call(list, { key: 'ck_test_own' })).status).toBe(401);
    expect((await made({ key: 'ck_test_own' })).key).toBe('ck_test_own');
  });
});

test('a further key opens the workspace that it was made for', async () => {
  await made();
  expect(await made({ workspace_id: 1, key: 'ck_test_more' })).toEqual({ id: 1, key: 'ck_test_more' });
  expect((await call(list, { key: 'ck_test_more' })).body).toMatchObject([{ id: 1 }]);
});

test.each([
  [{ workspace_id: 7 }, 'not_found'],
  [{ key: 'ck_test_two', workspace_id: 1 }, 'conflict'],
  [{ name: '' }, 'invalid_input'],
  [{ name: 7 }, 'invalid_input'],
  [{ key: 'short' }, 'invalid_input'],
  [{ key: 'has a blank in it' }, 'invalid_input'],
  [{ workspace_id: 'x' }, 'invalid_input'],
  ['text', 'invalid_input'],
])('%j is answered by a sentence, and nothing is written', async (request, code) => {
  await made();
  await made({ key: 'ck_test_two' });
  const writes = table.writes.length;
  expect(await create(request)).toEqual({ error: expect.any(String), code });
  expect(table.writes).toHaveLength(writes);
});
