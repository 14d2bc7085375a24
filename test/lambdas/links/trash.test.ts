import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { countClicks } from '../../../lambdas/deliver/counts.ts';
import { create as subscribeHook, delete as unsubscribeHook } from '../../../lambdas/hooks/handlers.ts';
import { table as client } from '../../../lambdas/table.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { click } from '../deliver/sample-click.ts';
import { engineTable } from '../engine-table.ts';
import { create, remove, show, update } from './link-calls.ts';

const NOW = Date.UTC(2025, 0, 15);
const DAY_MS = 24 * 60 * 60 * 1_000;
const IN_30_DAYS = Date.UTC(2025, 1, 14) / 1_000;
const HOOK = 'https://8.8.8.8/hook';

const table = engineTable();
let clock: jest.SpiedFunction<typeof Date.now>;

/** When each item of link 1 will be purged, by its sort key. */
async function purges(): Promise<Record<string, unknown>> {
  const own = (await table.all()).filter(({ pk, id }) => pk === 'LINK#1' || id === 1);
  const links = own.filter(({ pk }) => String(pk).startsWith('SLUG#') || pk === 'LINK#1');
  return Object.fromEntries(
    links.map(({ pk, sk, purge_at }) => [
      String(sk).startsWith('HOOK#') ? 'HOOK' : `${String(pk).slice(0, 4)} ${sk}`,
      purge_at,
    ]),
  );
}

beforeEach(async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
  await create({ slug: '/sale', webhooks: [HOOK] });
  await table.put({ pk: 'LINK#1', sk: 'CLICKS', clicks_total: 3 });
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a link in the trash', () => {
  test('is purged after 30 days, with its location, counts and webhooks', async () => {
    await remove(1);
    expect(await purges()).toEqual({
      'SLUG LINK': IN_30_DAYS,
      'LINK LINK': IN_30_DAYS,
      'LINK CLICKS': IN_30_DAYS,
      HOOK: IN_30_DAYS,
    });
  });

  test('counts its days from the move to the trash, whatever is saved later', async () => {
    await remove(1);
    clock.mockReturnValue(NOW + 10 * DAY_MS);
    await update({ id: 1, name: 'Renamed', slug: '/moved' });
    await remove(1);
    expect(Object.values(await purges())).toEqual(Array(4).fill(IN_30_DAYS));
  });

  test('is kept when it is restored, with everything that belongs to it', async () => {
    await remove(1);
    await update({ id: 1, deleted: false });
    expect(await purges()).toEqual({
      'SLUG LINK': null,
      'LINK LINK': undefined,
      'LINK CLICKS': undefined,
      HOOK: undefined,
    });
    clock.mockReturnValue(NOW + 10 * DAY_MS);
    await remove(1);
    expect((await purges())['SLUG LINK']).toBe(IN_30_DAYS + 10 * 24 * 60 * 60);
  });

  test.each(['before', 'after'] as const)(
    'is dealt with whole or not at all by a function that dies %s its write',
    async (when) => {
      table.crashAt(1, when);
      await remove(1);
      jest.restoreAllMocks();
      clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
      const ends = when === 'after' ? IN_30_DAYS : undefined;
      expect(Object.values(await purges()).map((end) => end ?? undefined)).toEqual(Array(4).fill(ends));
      expect((await remove(1)).status).toBe(200);
      expect(Object.values(await purges())).toEqual(Array(4).fill(IN_30_DAYS));
    },
  );

  test('leaves nothing visible after the purge, and its slug is free', async () => {
    await remove(1);
    for (const item of await table.all()) if (item.purge_at) await table.remove(item);
    expect((await table.keys()).filter((key) => /LINK#1|sale/.test(key))).toEqual([]);
    expect((await show(1)).status).toBe(404);
    expect((await create({ slug: '/sale' })).status).toBe(200);
  });
});

describe('anything added to a link in the trash is purged with it', () => {
  const OTHER = 'https://9.9.9.9/other';
  const subscribe = (url: string) =>
    call(subscribeHook, { method: 'POST', json: { url }, pathParameters: { link_id: '1' } });
  const unsubscribe = () =>
    call(unsubscribeHook, { method: 'DELETE', query: `url=${OTHER}`, pathParameters: { link_id: '1' } });
  /** When each webhook of link 1 will be purged. */
  const hookPurges = async () =>
    (await table.all())
      .filter(({ pk, sk }) => pk === 'LINK#1' && String(sk).startsWith('HOOK#'))
      .map(({ purge_at }) => purge_at);

  test.each([
    ['subscribed', () => subscribe(OTHER)],
    ['saved with it', () => update({ id: 1, webhooks: [HOOK, OTHER] })],
    ['saved with it as it moves', () => update({ id: 1, slug: '/moved', webhooks: [HOOK, OTHER] })],
    ['saved as it is trashed', () => update({ id: 1, deleted: true, webhooks: [HOOK, OTHER] })],
    [
      'subscribed, removed and subscribed again',
      async () => {
        await subscribe(OTHER);
        await unsubscribe();
        await subscribe(OTHER);
      },
    ],
  ])('a webhook that is %s', async (_title, add) => {
    await remove(1);
    clock.mockReturnValue(NOW + 10 * DAY_MS);
    await add();
    expect(await hookPurges()).toEqual([IN_30_DAYS, IN_30_DAYS]);
    await update({ id: 1, deleted: false });
    expect(await hookPurges()).toEqual([undefined, undefined]);
  });

  test.each([
    ['subscribed', () => subscribe(OTHER)],
    ['saved', () => update({ id: 1, webhooks: [HOOK, OTHER] })],
  ])('a webhook that is %s while the link is moved to the trash', async (_title, add) => {
    let trashed: Promise<unknown> | undefined;
    table.atWrite((write, send) => {
      if (write === 1) trashed = remove(1);
      return trashed && write === 1 ? trashed.then(send) : send();
    });
    await add();
    await trashed;
    expect(await hookPurges()).toEqual([IN_30_DAYS, IN_30_DAYS]);
  });

  test('a webhook that is subscribed while the link is restored stays', async () => {
    await remove(1);
    let restored: Promise<unknown> | undefined;
    table.atWrite((write, send) => {
      if (write === 1) restored = update({ id: 1, deleted: false });
      return restored && write === 1 ? restored.then(send) : send();
    });
    await subscribe(OTHER);
    await restored;
    expect(await hookPurges()).toEqual([undefined, undefined]);
  });

  test.each([
    ['of a link that was never clicked', false],
    ['of a link with counts', true],
  ])('a late click %s', async (_title, wasClicked) => {
    if (!wasClicked) await table.remove({ pk: 'LINK#1', sk: 'CLICKS' });
    await remove(1);
    const abortSignal = AbortSignal.timeout(60_000);
    const counter = { table: client, tableName: 'main', abortSignal };
    await countClicks(counter, [click(1, { link_id: 1 })]);
    expect(await table.read('LINK#1', 'CLICKS')).toMatchObject({
      clicks_total: wasClicked ? 4 : 1,
      purge_at: IN_30_DAYS,
    });
    await update({ id: 1, deleted: false });
    expect(await table.read('LINK#1', 'CLICKS')).not.toHaveProperty('purge_at');
  });
});

test('a link that is created in the trash is purged with everything that belongs to it', async () => {
  await create({ slug: '/new', deleted: true, webhooks: [HOOK] });
  const own = (await table.all()).filter(({ pk, slug }) => pk === 'LINK#2' || slug === '/new');
  expect(own.map(({ purge_at }) => purge_at)).toEqual(Array(4).fill(IN_30_DAYS));
});

test('a webhook of a link in use, or of a workspace, is never purged', async () => {
  await update({ id: 1, webhooks: [HOOK, 'https://9.9.9.9/other'] });
  await call(subscribeHook, { method: 'POST', json: { url: HOOK }, pathParameters: { workspace_id: '1' } });
  const hooks = (await table.all()).filter(({ sk }) => String(sk).startsWith('HOOK#'));
  expect(hooks.map(({ purge_at }) => purge_at)).toEqual([undefined, undefined, undefined]);
});

test('a link in use, and everything that belongs to it, is never purged', async () => {
  await update({ id: 1, name: 'Renamed' });
  expect(Object.values(await purges()).filter(Boolean)).toEqual([]);
});
