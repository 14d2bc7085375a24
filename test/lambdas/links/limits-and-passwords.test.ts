import { beforeEach, describe, expect, test } from '@jest/globals';
import { engineTable } from '../engine-table.ts';
import { create, listed, show, update } from './link-calls.ts';

const table = engineTable();

describe('the click limit', () => {
  const exhausted = async () => (await table.read('SLUG#-#/sale', 'LINK'))?.exhausted;
  beforeEach(async () => {
    await create({ slug: '/sale', expiry_clicks: 5 });
    await table.put({ ...(await table.read('SLUG#-#/sale', 'LINK')), exhausted: true });
    await table.put({ pk: 'LINK#1', sk: 'CLICKS', clicks_total: 9, human_clicks_total: 5 });
  });

  test.each([
    ['the same', { expiry_clicks: 5 }, true],
    ['none of it', { name: 'Renamed' }, true],
    ['a lower one', { expiry_clicks: 3 }, true],
    ['a higher one', { expiry_clicks: 6 }, false],
    ['none at all', { expiry_clicks: 0 }, false],
  ])('sent as %s leaves an exhausted link expired: %#', async (_title, fields, expired) => {
    expect((await update({ id: 1, ...fields })).status).toBe(200);
    expect(await exhausted()).toBe(expired);
  });

  test('sent unchanged keeps the mark that deliver has set, whatever is counted', async () => {
    await table.put({ pk: 'LINK#1', sk: 'CLICKS', clicks_total: 9, human_clicks_total: 4 });
    await update({ id: 1, expiry_clicks: 5 });
    expect(await exhausted()).toBe(true);
    await update({ id: 1, expiry_clicks: 6 });
    expect(await exhausted()).toBe(false);
  });

  test('that is first set below the clicks so far expires the link at once', async () => {
    await update({ id: 1, expiry_clicks: null });
    expect(await exhausted()).toBe(false);
    await update({ id: 1, expiry_clicks: 4 });
    expect(await exhausted()).toBe(true);
  });
});

describe('a password', () => {
  const stored = async () => JSON.stringify(await table.all());
  const hash = async () => (await table.read('SLUG#-#/sale', 'LINK'))?.password_hash;

  test('is neither stored nor returned; a mask stands for it', async () => {
    const { body } = await create({ slug: '/sale', password: 'hunter two' });
    expect(body.password).toBe('********');
    expect((await show(1)).body.password).toBe('********');
    expect((await listed()).links[0].password).toBe('********');
    expect(JSON.stringify([body, (await show(1)).body, (await listed()).links])).not.toMatch(/scrypt|hash/);
    expect(await stored()).not.toContain('hunter two');
    expect(await hash()).toMatch(/^scrypt\$16384\$8\$5\$/);
  });

  test('cannot be the mask for a new link, which would be unprotected', async () => {
    expect(await create({ slug: '/sale', password: '********' })).toMatchObject({
      status: 422,
      body: { errors: { password: [expect.stringContaining('Choose another')] } },
    });
    expect(table.writes).toEqual([]);
  });

  test('stays when the mask or nothing is sent, and changes with another', async () => {
    await create({ slug: '/sale', password: 'hunter two' });
    const first = await hash();
    await update({ id: 1, password: '********', name: 'x' });
    await update({ id: 1, name: 'y' });
    expect(await hash()).toBe(first);
    await update({ id: 1, password: 'hunter three' });
    expect(await hash()).toMatch(/^scrypt/);
    expect(await hash()).not.toBe(first);
  });

  test.each([[''], [' '], [null]])('is removed by %j', async (password) => {
    await create({ slug: '/sale', password: 'hunter two' });
    expect((await update({ id: 1, password })).body.password).toBeNull();
    expect(await hash()).toBeNull();
  });
});
