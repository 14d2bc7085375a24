import { beforeEach, describe, expect, test } from '@jest/globals';
import { engineTable } from '../engine-table.ts';
import { create, show, update } from './link-calls.ts';

/** Values that new links cannot get any more, as older versions stored them. */
const OLD = {
  url: 'https://example.com/a b',
  og_image: '/img/a.png',
  fb_pixel_id: 'pixel',
  expiry_destination: 'nowhere',
  rules: [{ what: 'country', matches: 'USA and more', url: 'https://us.example.com/' }],
};
const table = engineTable();

beforeEach(async () => {
  await create({ slug: '/old' });
  await table.put({ ...(await table.read('SLUG#-#/old', 'LINK')), ...OLD });
});

describe('values from before they were checked', () => {
  test('are accepted unchanged when a client sends back what it has read', async () => {
    const { webhooks: _same, ...read } = (await show(1)).body;
    expect(read).toMatchObject(OLD);
    const answer = await update({ ...read, name: 'Renamed' });
    expect(answer).toMatchObject({ status: 200, body: { ...OLD, name: 'Renamed' } });
    expect((await show(1)).body).toMatchObject({ ...OLD, name: 'Renamed' });
  });

  test.each(Object.entries(OLD))('are accepted one by one: %s', async (name, value) => {
    for (const id of [1, '1']) {
      expect(await update({ id, [name]: value })).toMatchObject({ status: 200, body: OLD });
    }
  });

  test('are accepted as JSON text, as forms send them', async () => {
    const text = JSON.stringify(OLD.rules, null, 1);
    expect(await update({ id: 1, rules: text })).toMatchObject({ status: 200, body: OLD });
  });

  test.each([
    ['og_image', '/img/b.png'],
    ['fb_pixel_id', 'Pixel'],
    ['expiry_destination', 'nowhere else'],
    ['rules', [{ what: 'country', matches: 'USA and less', url: 'https://us.example.com/' }]],
  ])('are checked when they differ: %s', async (name, value) => {
    const writes = table.writes.length;
    const { status, body } = await update({ ...OLD, id: 1, [name]: value });
    expect(status).toBe(422);
    expect(Object.keys(body.errors).map((field) => field.split('.')[0])).toEqual([name]);
    expect(table.writes).toHaveLength(writes);
  });

  test('are rejected for a new link', async () => {
    expect((await create({ og_image: OLD.og_image })).status).toBe(422);
  });
});
