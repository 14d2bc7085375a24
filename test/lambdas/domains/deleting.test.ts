import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { engineTable, KEY, OTHER_KEY } from '../engine-table.ts';
import { create, remove, update } from '../links/link-calls.ts';
import { add, drop, listed } from './domain-calls.ts';

const DOMAIN = 'go.example.com';
const table = engineTable();
const domainItems = () => table.keys('DOMAIN#');
const domain = () => table.read(`DOMAIN#${DOMAIN}`, 'DOMAIN');
const set = async (fields: object) => await table.put({ ...(await domain()), ...fields } as never);
const aMinuteAgo = () => ({ links_changed_at: Date.now() - 61_000 });

/** A domain from before links were counted. */
async function forgetNumbers(fields: object = {}): Promise<void> {
  const { link_count, trash_count, links_changed_at, ...rest } = (await domain()) ?? {};
  await table.put({ ...rest, ...fields } as never);
}

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('deleting', () => {
  test.each([
    ['its id', 1],
    ['its name', 'BÜCHER.example.'],
  ])('by %s makes the domain free for other workspaces', async (_title, number) => {
    const { id, name } = (await add('bücher.example')).body;
    expect(await drop(number === 1 ? id : number)).toMatchObject({
      status: 200,
      body: { id, deleted: true },
    });
    expect(await domainItems()).toEqual([]);
    expect((await add(name, OTHER_KEY)).status).toBe(201);
  });

  test.each([
    ['another workspace’s', OTHER_KEY, DOMAIN],
    ['a missing', KEY, 'missing.example.com'],
    ['no', KEY, 'x'],
  ])('%s domain is a 404', async (_title, key, id) => {
    await add(DOMAIN);
    expect(await drop(id, key)).toMatchObject({
      status: 404,
      body: { error: 'Not found', code: 'not_found' },
    });
    expect(await listed()).toHaveLength(1);
  });

  test('does not remove it from a workspace that has added it in the meantime', async () => {
    await add(DOMAIN);
    table.atWrite(async (_write, send) => {
      await set({ workspace_id: 2 });
      return send();
    });
    expect((await drop(DOMAIN)).status).toBe(409);
    expect(await domain()).toMatchObject({ workspace_id: 2 });
  });

  test.each(['before', 'after'] as const)(
    'that dies %s its write shows it wholly or not at all',
    async (when) => {
      await add(DOMAIN);
      table.crashAt(1, when);
      expect((await drop(DOMAIN)).status).toBe(503);
      expect(await domainItems()).toHaveLength(when === 'before' ? 2 : 0);
      expect(await listed()).toHaveLength(when === 'before' ? 1 : 0);
      jest.restoreAllMocks();
      expect((await drop(DOMAIN)).status).toBe(when === 'before' ? 200 : 404);
      expect((await add(DOMAIN, OTHER_KEY)).status).toBe(201);
    },
  );
});

describe('links on a domain', () => {
  beforeEach(async () => {
    await add(DOMAIN);
    for (const slug of ['/a', '/b']) await create({ slug, domain: DOMAIN });
    await create({ slug: '/c' });
  });

  test('block its deletion, including those in the trash, and the response says how many', async () => {
    await remove(2);
    expect(await drop(DOMAIN)).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^go\.example\.com still has 2 links/) },
    });
    await update({ id: 1, domain: null });
    expect((await drop(DOMAIN)).body.error).toMatch(/still has 1 link,/);
    await update({ id: 2, domain: null });
    expect((await drop(DOMAIN)).status).toBe(200);
  });

  test('block its deletion although the index does not show them yet', async () => {
    for (const { gsi1pk, gsi1sk, ...item } of await table.all()) await table.put(item as never);
    expect((await drop(DOMAIN)).status).toBe(409);
  });

  test('that were purged from the trash block it no longer, once nothing has changed for a minute', async () => {
    for (const id of [1, 2]) await remove(id);
    for (const slug of ['/a', '/b']) await table.remove({ pk: `SLUG#${DOMAIN}#${slug}`, sk: 'LINK' });
    expect(await drop(DOMAIN)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('Try again in a minute') },
    });
    await set(aMinuteAgo());
    expect((await drop(DOMAIN)).status).toBe(200);
  });

  test('that are added while the index is read block its deletion', async () => {
    await forgetNumbers();
    for (const id of [1, 2]) await update({ id, domain: null });
    await set(aMinuteAgo());
    table.atWrite(async (_write, send) => {
      await set({ links_changed_at: Date.now() });
      return send();
    });
    expect((await drop(DOMAIN)).status).toBe(409);
  });
});

describe('a domain from before links were counted', () => {
  beforeEach(async () => {
    await add(DOMAIN);
    await create({ slug: '/a', domain: DOMAIN });
    await forgetNumbers();
  });

  test('cannot be deleted while the index shows links', async () => {
    expect((await drop(DOMAIN)).body.error).toMatch(/^go\.example\.com still has 1 link,/);
    await remove(1);
    expect((await drop(DOMAIN)).body.error).toMatch(/^go\.example\.com still has 1 link,/);
  });

  test('cannot be deleted for a minute after a link was added or removed', async () => {
    await update({ id: 1, domain: null });
    expect((await domain())?.link_count).toBeLessThan(0);
    expect((await drop(DOMAIN)).body.error).toContain('Try again in a minute');
    await set(aMinuteAgo());
    expect((await drop(DOMAIN)).status).toBe(200);
  });
});
