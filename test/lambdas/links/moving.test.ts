import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { type FakeTable, tableWithWorkspaces } from '../fake-table.ts';
import { create, listed, remove, show, slugsServed, update } from './link-calls.ts';

let table: FakeTable;

beforeEach(() => {
  table = tableWithWorkspaces();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('another slug', () => {
  test('moves the link: new place, pointer, old place', async () => {
    await create({ slug: '/old' });
    table.writes.length = 0;
    expect((await update({ id: 1, slug: '/new' })).body.slug).toBe('/new');
    expect(table.writes).toEqual(['Put SLUG#-#/new LINK', 'Put LINK#1 LINK', 'Delete SLUG#-#/old LINK']);
  });

  test('that is taken changes nothing', async () => {
    await create({ slug: '/old' });
    await create({ slug: '/taken' });
    const before = JSON.stringify([...table.items]);
    expect(await update({ id: 1, slug: '/taken' })).toMatchObject({
      status: 422,
      body: { errors: { slug: [expect.any(String)] } },
    });
    expect(JSON.stringify([...table.items])).toBe(before);
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
  ] as const)(
    'dying at write %i (%s it) leaves one link in the list, and repeating it completes the move',
    async (write, when) => {
      await create({ slug: '/old' });
      table.writes.length = 0;
      table.crash = { write, when };
      expect((await update({ id: 1, slug: '/new', name: 'Moved' })).status).toBe(503);
      table.crash = undefined;
      expect((await listed()).links).toHaveLength(1);
      expect((await show(1)).body.slug).toBe((await listed()).links[0].slug);
      expect((await update({ id: 1, slug: '/new', name: 'Moved' })).status).toBe(200);
      expect((await show(1)).body).toMatchObject({ slug: '/new', name: 'Moved' });
      expect((await listed()).links).toMatchObject([{ id: 1, slug: '/new' }]);
      expect(slugsServed(table)).toEqual(['SLUG#-#/new LINK']);
    },
  );
});

describe('another domain', () => {
  const DOMAIN = 'go.example.com';
  const own = (name: string) =>
    table.put({ pk: `DOMAIN#${name}`, sk: 'DOMAIN', name, workspace_id: 1, id: 1 });
  beforeEach(() => own(DOMAIN));

  test('takes the link with its slug, and back', async () => {
    await create({ slug: '/sale' });
    table.writes.length = 0;
    expect((await update({ id: 1, domain: DOMAIN })).body.full_url).toBe('https://go.example.com/sale');
    expect(table.writes).toEqual([
      'Put SLUG#go.example.com#/sale LINK',
      'Put LINK#1 LINK',
      'Delete SLUG#-#/sale LINK',
    ]);
    expect((await update({ id: 1, name: 'x' })).body.domain).toBe(DOMAIN);
    expect((await update({ id: 1, domain: null })).body.domain).toBeNull();
    expect(slugsServed(table)).toEqual(['SLUG#-#/sale LINK']);
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
  ] as const)(
    'dying at write %i (%s it) leaves one link in the list, and repeating it completes the move',
    async (write, when) => {
      await create({ slug: '/sale' });
      table.writes.length = 0;
      table.crash = { write, when };
      expect((await update({ id: 1, domain: DOMAIN })).status).toBe(503);
      table.crash = undefined;
      const { links } = await listed();
      expect(links).toHaveLength(1);
      expect((await show(1)).body.domain).toBe(links[0].domain);
      expect((await update({ id: 1, domain: DOMAIN })).status).toBe(200);
      expect(slugsServed(table)).toEqual(['SLUG#go.example.com#/sale LINK']);
    },
  );

  test('while somebody else moves the link to a third: neither is taken for a retry of the other', async () => {
    own('to.example.com');
    await create({ slug: '/sale' });
    let raced = false;
    table.beforeWrite = (description) => {
      if (raced || description !== 'Put LINK#1 LINK') return;
      raced = true;
      const link = table.read({ pk: 'SLUG#-#/sale', sk: 'LINK' }) ?? {};
      const version = link.version + 1;
      table.items.delete('SLUG#-#/sale LINK');
      table.put({ ...link, pk: 'SLUG#to.example.com#/sale', domain: 'to.example.com', version });
      table.put({ ...table.read({ pk: 'LINK#1', sk: 'LINK' }), domain: 'to.example.com', version });
    };
    expect((await update({ id: 1, domain: DOMAIN })).status).toBe(200);
    expect(slugsServed(table)).toEqual(['SLUG#go.example.com#/sale LINK']);
    expect((await show(1)).body.domain).toBe(DOMAIN);
  });
});

// The mover's last write is the one that clears the old place.
describe('what is at the old place when it is cleared', () => {
  const OLD = { pk: 'SLUG#-#/old', sk: 'LINK' };
  const NEW = 'SLUG#-#/new LINK';
  async function moveWhile(happens: () => void): Promise<void> {
    await create({ slug: '/old' });
    table.beforeWrite = (description) => {
      if (description === 'Delete SLUG#-#/old LINK') happens();
    };
    expect((await update({ id: 1, slug: '/new' })).status).toBe(200);
  }

  test('goes although deliver has just marked it', async () => {
    await moveWhile(() => {
      const link = table.read(OLD);
      if (link) table.put({ ...link, exhausted: true, version: link.version + 1 });
    });
    expect(slugsServed(table)).toEqual([NEW]);
  });

  test('stays when it is another link', async () => {
    await moveWhile(() => table.put({ ...OLD, id: 2, version: 1 }));
    expect(slugsServed(table).sort()).toEqual([NEW, 'SLUG#-#/old LINK']);
    expect(table.read(OLD)?.id).toBe(2);
  });

  test('stays when the link has come back by a later move', async () => {
    await moveWhile(() => table.put({ ...OLD, id: 1, version: 3 }));
    expect(table.read(OLD)).toMatchObject({ id: 1, version: 3 });
  });
});

describe('a move that died before its old place was cleared', () => {
  beforeEach(async () => {
    await create({ slug: '/old' });
    table.writes.length = 0;
    table.crash = { write: 3, when: 'before' };
    expect((await update({ id: 1, slug: '/new' })).status).toBe(503);
    table.crash = undefined;
    expect(slugsServed(table)).toHaveLength(2);
  });

  test.each([
    ['any change', () => update({ id: 1, name: 'Renamed' })],
    ['the trash', () => remove(1)],
  ])('is ended by %s', async (_title, request) => {
    expect((await request()).status).toBe(200);
    expect(slugsServed(table)).toEqual(['SLUG#-#/new LINK']);
    expect(table.read({ pk: 'LINK#1', sk: 'LINK' })).not.toHaveProperty('left');
  });

  test('can be taken back', async () => {
    expect((await update({ id: 1, slug: '/old' })).body.slug).toBe('/old');
    expect(slugsServed(table)).toEqual(['SLUG#-#/old LINK']);
  });
});
