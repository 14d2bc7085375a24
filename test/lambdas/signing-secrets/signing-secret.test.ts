import { describe, expect, test } from '@jest/globals';
import { remove, rotate, show } from '../../../lambdas/signing-secrets/handlers.ts';
import { newSigningSecret, withoutExpired } from '../../../lambdas/signing-secrets/signing-secret.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';

const path = { pathParameters: { workspace_id: '1' } };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const DAY_MS = 24 * 60 * 60 * 1_000;
const table = engineTable();

const rotated = async () => (await call(rotate, { method: 'POST', ...path })).body;

describe('a signing secret', () => {
  test('does not exist until it is created, and is then shown unchanged', async () => {
    expect((await call(show, path)).status).toBe(404);
    const made = await call(rotate, { method: 'POST', ...path });
    expect(made).toMatchObject({
      status: 201,
      body: { secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/), previous: null },
    });
    expect(await call(show, path)).toMatchObject({ status: 200, body: made.body });
  });

  test.each([
    [{ json: { grace_hours: 0 } }, ['grace_hours']],
    [{ json: { toString: 1, workspace_id: 1 } }, ['toString']],
    [{ body: '{"__proto__":1}', headers: { 'content-type': 'application/json' } }, ['__proto__']],
    [{ body: '__proto__[a]=1', headers: FORM }, ['__proto__']],
    [{ query: 'secret=x' }, ['secret']],
  ])('is neither rotated nor deleted with an option, %j', async (options, names) => {
    const { secret } = await rotated();
    for (const [handler, method] of [
      [rotate, 'POST'],
      [remove, 'DELETE'],
    ] as const) {
      const answer = await call(handler, { method, ...path, ...options });
      expect(answer.status).toBe(422);
      expect(Object.keys(answer.body.errors)).toEqual(names);
    }
    expect((await call(show, path)).body.secret).toBe(secret);
    for (const json of [{}, { api_key: 'ck_unused', workspace_id: 1 }]) {
      expect((await call(rotate, { method: 'POST', ...path, json })).status).toBe(201);
    }
  });

  test('that is rotated stays valid for 24 hours in addition to the new one, and no longer', async () => {
    const [first, second] = [await rotated(), await rotated()];
    expect(second.secret).not.toBe(first.secret);
    expect(second.previous.secret).toBe(first.secret);
    const lasts = Date.parse(second.previous.valid_until) - Date.parse(second.created_at);
    expect(lasts).toBe(DAY_MS);
    const end = Date.parse(second.previous.valid_until);
    expect(withoutExpired(second, end - 1).previous).not.toBeNull();
    expect(withoutExpired(second, end).previous).toBeNull();
    const third = await rotated();
    expect(third.previous.secret).toBe(second.secret);
  });

  test('whose previous secret has expired is shown alone', async () => {
    const old = newSigningSecret(null, Date.now() - 2 * DAY_MS);
    const now = newSigningSecret(old, Date.now() - DAY_MS);
    await table.put({ pk: 'SECRETS#1', sk: 'SECRETS', ...now });
    expect((await call(show, path)).body).toEqual({ ...now, previous: null });
  });

  test('that another request rotates at the same moment is not overwritten', async () => {
    await rotated();
    const theirs = newSigningSecret(null);
    table.beforeWrite = () => table.put({ pk: 'SECRETS#1', sk: 'SECRETS', ...theirs });
    expect(await call(rotate, { method: 'POST', ...path })).toMatchObject({ status: 409 });
    table.beforeWrite = undefined;
    expect((await call(show, path)).body).toEqual(theirs);
  });

  test('that is deleted signs nothing any more, and deleting it again is a 404', async () => {
    await rotated();
    expect(await call(remove, { method: 'DELETE', ...path })).toMatchObject({
      status: 200,
      body: { deleted: true },
    });
    expect((await call(show, path)).status).toBe(404);
    expect((await call(remove, { method: 'DELETE', ...path })).status).toBe(404);
  });

  test('of another workspace cannot be seen, replaced or deleted', async () => {
    const mine = await rotated();
    for (const handler of [show, rotate, remove]) {
      expect((await call(handler, { method: 'POST', key: OTHER_KEY, ...path })).status).toBe(404);
    }
    expect((await call(show, path)).body).toEqual(mine);
  });
});
