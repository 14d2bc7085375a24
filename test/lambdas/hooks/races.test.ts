import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { list as listHooks, create as subscribeHook } from '../../../lambdas/hooks/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { save as saveWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { runs } from '../../full-runs.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { create, update } from '../links/link-calls.ts';

// Like AWS, the engine cancels a transaction that conflicts with another request at an item.
const table = engineTable({ onConflict: 'cancel' });
const ROUNDS = Array.from({ length: runs(6, 2) }, (_, index) => index + 1);
// IP addresses need no look-up.
const urls = (count: number, path: string) =>
  Array.from({ length: count }, (_, number) => `https://8.8.8.8/${path}/${number}`);

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

type Path = Record<string, string>;
const OWNERS: [string, Path, (webhooks: string[]) => ReturnType<typeof call>][] = [
  ['a link', { link_id: '1' }, (webhooks) => update({ id: 1, webhooks })],
  [
    'a workspace',
    { workspace_id: '1' },
    (webhooks) =>
      call(saveWorkspace, { method: 'PATCH', json: { webhooks }, pathParameters: { workspace_id: '1' } }),
  ],
];

describe.each(OWNERS)('webhooks of %s', (_owner, pathParameters, save) => {
  const subscribe = (url: string) => call(subscribeHook, { method: 'POST', json: { url }, pathParameters });
  const stored = async (): Promise<string[]> =>
    (await call(listHooks, { pathParameters })).body.map(({ url }: { url: string }) => url).sort();

  beforeEach(async () => {
    await create({ slug: '/sale' });
  });

  test.each(ROUNDS)('saved as two lists at once are one of the two lists (round %i)', async (round) => {
    await save(urls(10, 'before'));
    table.mix(round);
    const lists = [urls(25, 'one'), urls(20, 'two')];
    const saved = await Promise.all(lists.map(save));
    expect(saved.map(({ status }) => status)).toEqual([200, 200]);
    expect(lists.map((list) => list.sort())).toContainEqual(await stored());
  });

  test.each(ROUNDS)(
    'subscribed by many at once are as many as the limit allows (round %i)',
    async (round) => {
      await save(urls(20, 'before'));
      table.mix(round);
      const answers = await Promise.all(urls(12, 'new').map(subscribe));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(5);
      expect(statuses.filter((status) => status === 409)).toHaveLength(7);
      expect(await stored()).toHaveLength(25);
    },
  );

  test.each(ROUNDS)('subscribed while a list is saved stay within the limit (round %i)', async (round) => {
    await save(urls(23, 'before'));
    table.mix(round);
    const list = urls(24, 'list');
    await Promise.all([save(list), ...urls(4, 'new').map(subscribe)]);
    const now = await stored();
    expect(now.length).toBeLessThanOrEqual(25);
    expect(now.filter((url) => url.includes('/list/'))).toHaveLength(24);
  });

  test.each(ROUNDS)('subscribed twice at once are one webhook, with one 201 (round %i)', async (round) => {
    table.mix(round);
    const [url = ''] = urls(1, 'same');
    const both = await Promise.all([subscribe(url), subscribe(`${url}#`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(await stored()).toEqual([url]);
  });
});
