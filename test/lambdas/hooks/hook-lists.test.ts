import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { handler as saveWorkspace } from '../../../lambdas/workspaces/save.ts';
import { call } from '../call.ts';
import { type FakeTable, tableWithWorkspaces } from '../fake-table.ts';
import { create, show, update } from '../links/link-calls.ts';

// Addresses are looked up nowhere.
const A = 'https://8.8.8.8/a';
const B = 'https://8.8.8.8/b?secret=1';
const C = 'https://8.8.4.4/c';

let table: FakeTable;
const patch = (json: unknown) =>
  call(saveWorkspace, { method: 'PATCH', json, pathParameters: { workspace_id: '1' } });
const hookWrites = () =>
  table.writes.filter((write) => write.includes('HOOK#')).map((write) => write.split(' ')[0]);

beforeEach(() => {
  table = tableWithWorkspaces();
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
  ])('are taken as %s, each once, and answered', async (_form, webhooks) => {
    expect(await save(webhooks)).toMatchObject({ status: 200, body: { webhooks: [A, B] } });
  });

  test('replace those that are there, and only the difference is written', async () => {
    await save([A, B]);
    table.writes.length = 0;
    expect((await save([B, C])).body.webhooks.sort()).toEqual([C, B].sort());
    expect(hookWrites()).toEqual(['Put', 'Delete']);
    table.writes.length = 0;
    await save([C, B]);
    expect(hookWrites()).toEqual([]);
  });

  test.each([[''], [null], [[]]])('sent as %j are none', async (webhooks) => {
    await save([A]);
    expect((await save(webhooks)).body.webhooks).toEqual([]);
  });

  test('with a line at fault are a 422 that names the line, and nothing is written', async () => {
    await save([A]);
    table.writes.length = 0;
    const { status, body } = await save(`${A}\nnonsense\n\nhttp://10.0.0.1/`);
    expect(status).toBe(422);
    expect(body.errors.webhooks).toEqual([
      expect.stringMatching(/^line 2 must be a full URL/),
      expect.stringMatching(/^line 4 must not lead to a private/),
    ]);
    expect(table.writes).toEqual([]);
  });

  test.each([[7], [{}], [[7]], [Array.from({ length: 26 }, (_, n) => `${A}${n}`)]])(
    'that are none, or too many, are a 422 (%#)',
    async (webhooks) => {
      table.writes.length = 0;
      const { status, body } = await save(webhooks);
      expect([status, Object.keys(body.errors)[0]?.split('.')[0]]).toEqual([422, 'webhooks']);
      expect(table.writes).toEqual([]);
    },
  );

  test('that were saved halfway are completed by saving again', async () => {
    await save([A, B]);
    table.writes.length = 0;
    table.beforeWrite = (description) => {
      if (description.startsWith('Delete') && description.includes('HOOK#')) throw new Error('crash');
    };
    expect((await save([C])).status).toBe(503);
    table.beforeWrite = undefined;
    expect((await save([C])).body.webhooks).toEqual([C]);
  });
});

test('a new link has its webhooks before anybody can click it', async () => {
  const { body } = await create({ slug: '/sale', webhooks: [A] });
  expect(body.webhooks).toEqual([A]);
  const kinds = table.writes.map((write) => write.replace(/HOOK#\w+/, 'HOOK'));
  expect(kinds.indexOf('Put LINK#1 HOOK')).toBeGreaterThan(-1);
  expect(kinds.indexOf('Put LINK#1 HOOK')).toBeLessThan(kinds.indexOf('Put SLUG#-#/sale LINK'));
  expect((await update({ id: 1, name: 'Sale' })).body.webhooks).toEqual([A]);
  expect((await show(1)).body.webhooks).toEqual([A]);
});

test('a link whose slug is taken leaves no webhooks behind', async () => {
  await create({ slug: '/sale' });
  expect((await create({ slug: '/sale', webhooks: [A] })).status).toBe(422);
  expect([...table.items.keys()].filter((key) => key.includes('HOOK#'))).toEqual([]);
});
