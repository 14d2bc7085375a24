import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { add } from '../domains/domain-calls.ts';
import { engineTable } from '../engine-table.ts';
import { create, listed, show, update } from './link-calls.ts';

const table = engineTable();
const DOMAIN = 'go.example.com';
const slugsServed = () => table.keys('SLUG#');

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('another slug', () => {
  test('moves the link in one transaction, and its old slug is free at once', async () => {
    await create({ slug: '/old' });
    const writes: number[] = [];
    table.atWrite((_write, send, operations) => {
      writes.push(operations.length);
      return send();
    });
    expect((await update({ id: 1, slug: '/new' })).body.slug).toBe('/new');
    // The old item, the new one and the location.
    expect(writes).toEqual([3]);
    expect(await slugsServed()).toEqual(['SLUG#-#/new LINK']);
    expect((await create({ slug: '/old' })).status).toBe(200);
  });

  test('that is taken changes nothing', async () => {
    await create({ slug: '/old' });
    await create({ slug: '/taken' });
    const before = await table.all();
    expect(await update({ id: 1, slug: '/taken', webhooks: ['https://8.8.8.8/hook'] })).toMatchObject({
      status: 422,
      body: { errors: { slug: [expect.any(String)] } },
    });
    expect(await table.all()).toEqual(before);
  });
});

describe('another domain', () => {
  beforeEach(async () => {
    await add(DOMAIN);
    await create({ slug: '/sale' });
  });

  test('receives the link with its slug, and gives it back', async () => {
    expect((await update({ id: 1, domain: DOMAIN })).body.full_url).toBe('https://go.example.com/sale');
    expect(await slugsServed()).toEqual(['SLUG#go.example.com#/sale LINK']);
    expect((await update({ id: 1, name: 'x' })).body.domain).toBe(DOMAIN);
    expect((await update({ id: 1, domain: null })).body.domain).toBeNull();
    expect(await slugsServed()).toEqual(['SLUG#-#/sale LINK']);
  });

  test('can be left when it no longer exists or belongs to another workspace', async () => {
    await update({ id: 1, domain: DOMAIN });
    await table.put({ pk: `DOMAIN#${DOMAIN}`, sk: 'DOMAIN', name: DOMAIN, workspace_id: 2, id: 1 });
    expect((await update({ id: 1, deleted: true })).status).toBe(200);
    expect((await update({ id: 1, deleted: false })).status).toBe(200);
    await table.remove({ pk: `DOMAIN#${DOMAIN}`, sk: 'DOMAIN' });
    expect((await update({ id: 1, domain: null })).status).toBe(200);
    expect(await slugsServed()).toEqual(['SLUG#-#/sale LINK']);
  });
});

describe.each([
  ['another slug', { slug: '/new' }, 'SLUG#-#/new LINK'],
  ['another domain', { domain: DOMAIN }, `SLUG#${DOMAIN}#/old LINK`],
  [
    'both, with webhooks, into the trash',
    { domain: DOMAIN, slug: '/new', webhooks: 'https://8.8.8.8/', deleted: true },
    `SLUG#${DOMAIN}#/new LINK`,
  ],
])('a move to %s that fails', (_what, change, moved) => {
  const trashQuery = 'deleted' in change ? 'deleted=true' : '';
  beforeEach(async () => {
    await add(DOMAIN);
    await create({ slug: '/old', webhooks: ['https://8.8.4.4/'] });
  });

  test('before its write has changed nothing', async () => {
    const before = await table.all();
    table.crashAt(1, 'before');
    expect((await update({ id: 1, ...change })).status).toBe(503);
    expect(await table.all()).toEqual(before);
    jest.restoreAllMocks();
    expect((await update({ id: 1, ...change })).status).toBe(200);
    expect(await slugsServed()).toEqual([moved]);
  });

  test('after its write is complete, and needs no other write', async () => {
    table.crashAt(1, 'after');
    expect((await update({ id: 1, ...change })).status).toBe(503);
    expect(await slugsServed()).toEqual([moved]);
    expect((await listed(trashQuery)).links).toMatchObject([{ id: 1 }]);
    const after = await table.all();
    jest.restoreAllMocks();
    table.crashAt(2, 'before');
    expect((await update({ id: 1, ...change })).status).toBe(200);
    const known = ({ updated_at, version, ...item }: Record<string, unknown>) => item;
    expect((await table.all()).map(known)).toEqual(after.map(known));
  });
});

describe('while a link moves', () => {
  const OLD = ['SLUG#-#/old', 'LINK'] as const;
  /** Changes the old address just before the transaction arrives. */
  const justBefore = (happens: (link: any) => Promise<void>) =>
    table.atWrite(async (write, send) => {
      if (write === 1) await happens(await table.read(...OLD));
      return send();
    });

  beforeEach(async () => {
    await create({ slug: '/old' });
  });

  test('deliver may mark it, and the mark moves too', async () => {
    justBefore((link) => table.put({ ...link, exhausted: true, version: link.version + 1 }));
    expect((await update({ id: 1, slug: '/new' })).status).toBe(200);
    expect(await slugsServed()).toEqual(['SLUG#-#/new LINK']);
    expect(await table.read('SLUG#-#/new', 'LINK')).toMatchObject({ exhausted: true, version: 3 });
  });

  test('another link that was created at the old address stays', async () => {
    justBefore((link) => table.put({ ...link, id: 2 }));
    expect((await update({ id: 1, slug: '/new' })).status).toBe(404);
    expect(await table.read(...OLD)).toMatchObject({ id: 2 });
    expect(await slugsServed()).toEqual(['SLUG#-#/old LINK']);
  });

  test('it is found by its id, because a reader of the old address looks again', async () => {
    const reads: Promise<unknown>[] = [];
    for (let number = 1; number <= 10; number++) {
      const moved = update({ id: 1, slug: `/new${number}` });
      reads.push(show(1).then(({ status }) => expect(status).toBe(200)));
      expect((await moved).status).toBe(200);
    }
    await Promise.all(reads);
  });
});
