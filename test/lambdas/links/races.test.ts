import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { create as subscribeHook } from '../../../lambdas/hooks/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { runs } from '../../full-runs.ts';
import { call } from '../call.ts';
import { add, drop } from '../domains/domain-calls.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create, listed, remove, show, update } from './link-calls.ts';

// Like AWS, the engine cancels a transaction that conflicts with another request at an item.
const table = engineTable({ onConflict: 'cancel' });
const ROUNDS = Array.from({ length: runs(12, 3) }, (_, index) => index + 1);
const DOMAIN = 'go.example.com';
const HOOK = 'https://8.8.8.8/hook';

const numbers = async (pk = 'WORKSPACE#1', sk = 'SETTINGS') => {
  const { link_count, trash_count } = (await table.read(pk, sk)) ?? {};
  return [link_count, trash_count];
};

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('two writers of one link', () => {
  test.each(ROUNDS)('move it and change it: neither is lost (round %i)', async (round) => {
    await create({ slug: '/old' });
    table.mix(round);
    const saved = await Promise.all([update({ id: 1, slug: '/new' }), update({ id: 1, name: 'Renamed' })]);
    expect(saved.map(({ status }) => status)).toEqual([200, 200]);
    expect((await show(1)).body).toMatchObject({ slug: '/new', name: 'Renamed' });
    expect(await table.keys('SLUG#')).toEqual(['SLUG#-#/new LINK']);
    expect((await listed()).links).toHaveLength(1);
  });

  test.each(ROUNDS)('move it to two addresses: one works, and no other (round %i)', async (round) => {
    await create({ slug: '/old' });
    table.mix(round);
    await Promise.all([update({ id: 1, slug: '/one' }), update({ id: 1, slug: '/two' })]);
    const { slug } = (await show(1)).body;
    expect(['/one', '/two']).toContain(slug);
    expect(await table.keys('SLUG#')).toEqual([`SLUG#-#${slug} LINK`]);
  });

  test.each(ROUNDS)('move it away and back: it is at one address (round %i)', async (round) => {
    await create({ slug: '/old' });
    await update({ id: 1, slug: '/new' });
    table.mix(round);
    await Promise.all([update({ id: 1, slug: '/old' }), update({ id: 1, slug: '/third' }), remove(1)]);
    const { slug } = (await show(1)).body;
    expect(await table.keys('SLUG#')).toEqual([`SLUG#-#${slug} LINK`]);
    expect(await numbers()).toEqual([0, 1]);
  });

  test.each(ROUNDS)(
    'trash it and subscribe to it: the webhook is purged with it (round %i)',
    async (round) => {
      await create({ slug: '/old' });
      table.mix(round);
      const pathParameters = { link_id: '1' };
      await Promise.all([
        remove(1),
        call(subscribeHook, { method: 'POST', json: { url: HOOK }, pathParameters }),
      ]);
      const own = (await table.all()).filter(({ pk, sk }) => pk === 'LINK#1' || sk === 'LINK');
      expect(own).toHaveLength(4);
      expect(new Set(own.map(({ purge_at }) => typeof purge_at))).toEqual(new Set(['number']));
    },
  );

  test.each(ROUNDS)('trash and restore it: the numbers stay right (round %i)', async (round) => {
    await add(DOMAIN);
    await create({ slug: '/a', domain: DOMAIN });
    table.mix(round);
    await Promise.all([
      remove(1),
      update({ id: 1, deleted: false }),
      remove(1),
      update({ id: 1, domain: null }),
      create({ slug: '/b', domain: DOMAIN }),
    ]);
    const { deleted } = (await show(1)).body;
    expect(await numbers()).toEqual(deleted ? [1, 1] : [2, 0]);
    expect(await numbers(`DOMAIN#${DOMAIN}`, 'DOMAIN')).toEqual([1, 0]);
  });
});

describe('a link and its domain', () => {
  const onDomain = () => table.keys(`SLUG#${DOMAIN}#`);
  const isThere = async () => (await table.read(`DOMAIN#${DOMAIN}`, 'DOMAIN')) !== undefined;

  test.each(ROUNDS)('saved and deleted at once: one of the two fails (round %i)', async (round) => {
    await add(DOMAIN);
    table.mix(round);
    const [saved, dropped] = await Promise.all([create({ slug: '/sale', domain: DOMAIN }), drop(DOMAIN)]);
    expect([
      [200, 409],
      [422, 200],
    ]).toContainEqual([saved.status, dropped.status]);
    expect([(await onDomain()).length, await isThere()]).toEqual(
      saved.status === 200 ? [1, true] : [0, false],
    );
  });

  test.each(ROUNDS)('moved there and deleted at once: one of the two fails (round %i)', async (round) => {
    await add(DOMAIN);
    await create({ slug: '/sale' });
    table.mix(round);
    const [moved, dropped] = await Promise.all([update({ id: 1, domain: DOMAIN }), drop(DOMAIN)]);
    expect([
      [200, 409],
      [422, 200],
    ]).toContainEqual([moved.status, dropped.status]);
    expect((await show(1)).body.domain).toBe(moved.status === 200 ? DOMAIN : null);
    expect(await isThere()).toBe(moved.status === 200);
  });

  test.each(ROUNDS)('never end up in different workspaces (round %i)', async (round) => {
    await add(DOMAIN);
    table.mix(round);
    const readd = async () => {
      await drop(DOMAIN);
      return add(DOMAIN, OTHER_KEY);
    };
    await Promise.all([create({ slug: '/sale', domain: DOMAIN }), readd()]);
    const domain = await table.read(`DOMAIN#${DOMAIN}`, 'DOMAIN');
    expect(await onDomain()).toHaveLength(domain?.workspace_id === 1 ? 1 : 0);
  });
});

test.each(ROUNDS)(
  'of two links that want one slug one gets it, and nothing of the other stays (round %i)',
  async (round) => {
    table.mix(round);
    const both = await Promise.all([1, 2].map((n) => create({ slug: '/sale', webhooks: [`${HOOK}${n}`] })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect(await table.keys('SLUG#')).toHaveLength(1);
    // The location, the counts and the webhook.
    expect((await table.keys('LINK#')).filter((key) => key.startsWith('LINK#'))).toHaveLength(3);
    expect(await numbers()).toEqual([1, 0]);
  },
);
