import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { save as saveWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { create, show, update } from '../links/link-calls.ts';

// IP addresses need no look-up.
const A = 'https://8.8.8.8/a';
const B = 'https://8.8.8.8/b?secret=1';
const C = 'https://8.8.4.4/c';

const table = engineTable();
const patch = (json: unknown) =>
  call(saveWorkspace, { method: 'PATCH', json, pathParameters: { workspace_id: '1' } });
/** The kinds of all operations on webhooks from now on. */
function hookWrites(): string[] {
  const kinds: string[] = [];
  table.atWrite((_write, send, operations) => {
    const named = Object.entries(operations).flatMap(([, one]) => Object.entries(one as object));
    for (const [kind, { Key, Item }] of named) {
      if (String((Key ?? Item)?.sk).startsWith('HOOK#')) kinds.push(kind);
    }
    return send();
  });
  return kinds;
}

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([
  [
    'a link',
    async () => void (await create({ slug: '/sale' })),
    (webhooks: unknown) => update({ id: 1, webhooks }),
  ],
  ['a workspace', async () => undefined, (webhooks: unknown) => patch({ webhooks })],
])('webhooks of %s', (_owner, prepare, save) => {
  beforeEach(prepare);

  test.each([
    ['a text with one URL per line', ` ${A} \r\n\n${B}\n${A}`],
    ['a list', [A, '', B]],
  ])('are accepted as %s, each once, and returned', async (_form, webhooks) => {
    expect(await save(webhooks)).toMatchObject({ status: 200, body: { webhooks: [A, B] } });
  });

  test('replace the existing ones, and only the difference is written', async () => {
    await save([A, B]);
    const written = hookWrites();
    expect((await save([B, C])).body.webhooks.sort()).toEqual([C, B].sort());
    expect(written).toEqual(['Put', 'Delete']);
    await save([C, B]);
    expect(written).toHaveLength(2);
  });

  test.each([[''], [null], [[]]])('sent as %j are an empty list', async (webhooks) => {
    await save([A]);
    expect((await save(webhooks)).body.webhooks).toEqual([]);
  });

  test('with a wrong line are a 422 that names the line, and nothing is written', async () => {
    await save([A]);
    const before = await table.all();
    const { status, body } = await save(`${A}\nnonsense\n\nhttp://10.0.0.1/`);
    expect(status).toBe(422);
    expect(body.errors.webhooks).toEqual([
      expect.stringMatching(/^line 2 must be a full URL/),
      expect.stringMatching(/^line 4 must not point to a private/),
    ]);
    expect(await table.all()).toEqual(before);
  });

  test.each([[7], [{}], [[7]], [Array.from({ length: 26 }, (_, n) => `${A}${n}`)]])(
    'that are invalid or too many are a 422 (%#)',
    async (webhooks) => {
      const before = await table.all();
      const { status, body } = await save(webhooks);
      expect([status, Object.keys(body.errors)[0]?.split('.')[0]]).toEqual([422, 'webhooks']);
      expect(await table.all()).toEqual(before);
    },
  );

  test.each(['before', 'after'] as const)(
    'saved by a function that dies %s its write are all or none',
    async (when) => {
      await save([A, B]);
      table.crashAt(1, when);
      expect((await save([C])).status).toBe(503);
      expect(await table.keys(' HOOK#')).toHaveLength(when === 'before' ? 2 : 1);
      jest.restoreAllMocks();
      expect((await save([C])).body.webhooks).toEqual([C]);
    },
  );
});

test('fields and webhooks of one call are saved together or not at all', async () => {
  await create({ slug: '/sale' });
  const before = await table.all();
  table.crashAt(1, 'before');
  expect((await update({ id: 1, name: 'Sale', webhooks: [A] })).status).toBe(503);
  expect((await patch({ name: 'Mine', webhooks: [A] })).status).toBe(200);
  jest.restoreAllMocks();
  table.crashAt(1, 'before');
  expect((await patch({ name: 'Yours', webhooks: [B] })).status).toBe(503);
  expect((await patch({})).status).toBe(422);
  const known = (items: Record<string, unknown>[]) => items.filter(({ pk }) => pk !== 'WORKSPACE#1');
  expect(known(await table.all())).toEqual(known(before));
  expect(await table.read('WORKSPACE#1', 'SETTINGS')).toMatchObject({ name: 'Mine' });
});

test.each(['before', 'after'] as const)(
  'a new link of a function that dies %s its write has its webhooks or is not there',
  async (when) => {
    table.crashAt(1, when);
    expect((await create({ slug: '/sale', webhooks: [A] })).status).toBe(503);
    const kinds = (await table.keys())
      .filter((key) => /LINK#|SLUG#/.test(key))
      .map((key) => key.replace(/HOOK#\w+/, 'HOOK'));
    const whole = ['LINK#1 CLICKS', 'LINK#1 HOOK', 'LINK#1 LINK', 'SLUG#-#/sale LINK'];
    expect(kinds).toEqual(when === 'before' ? [] : whole);
  },
);

test('a link keeps its webhooks when other fields are saved', async () => {
  const { body } = await create({ slug: '/sale', webhooks: [A] });
  expect(body.webhooks).toEqual([A]);
  expect((await update({ id: 1, name: 'Sale' })).body.webhooks).toEqual([A]);
  expect((await show(1)).body.webhooks).toEqual([A]);
});

test('a link whose slug is taken leaves no webhooks behind', async () => {
  await create({ slug: '/sale' });
  expect((await create({ slug: '/sale', webhooks: [A] })).status).toBe(422);
  expect(await table.keys('HOOK#')).toEqual([]);
});
