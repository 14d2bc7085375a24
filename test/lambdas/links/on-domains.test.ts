import { beforeEach, describe, expect, test } from '@jest/globals';
import { engineTable } from '../engine-table.ts';
import { create, update } from './link-calls.ts';

const table = engineTable();

describe('a link on a custom domain', () => {
  const own = (name: string, workspace_id = 1) =>
    table.put({ pk: `DOMAIN#${name}`, sk: 'DOMAIN', name, workspace_id, id: 1 });
  const DOMAIN = 'go.example.com';
  beforeEach(() => own(DOMAIN));

  test('is there and nowhere else: the same slug on two domains is two links', async () => {
    const { body } = await create({ slug: '/sale', domain: DOMAIN });
    expect(body).toMatchObject({ domain: DOMAIN, full_url: 'https://go.example.com/sale' });
    expect((await create({ slug: '/sale' })).body.full_url).toBe('https://links.example.com/sale');
    expect(await table.keys('SLUG#')).toEqual(['SLUG#-#/sale LINK', 'SLUG#go.example.com#/sale LINK']);
    expect((await create({ slug: '/sale', domain: DOMAIN })).status).toBe(422);
  });

  test('gets a drawn slug when none is sent', async () => {
    expect((await create({ domain: DOMAIN })).body.slug).toMatch(/^\/\w{7}$/);
  });

  test.each(['other.example.com', 'theirs.example.com'])(
    '%s, which is not the workspace’s, is a 422',
    async (domain) => {
      await own('theirs.example.com', 2);
      await create({ slug: '/sale' });
      const written = table.recordWrites();
      for (const json of [{ slug: '/x', url: 'https://example.com/' }, { id: 1 }]) {
        const { status, body } = await update({ ...json, domain });
        expect([status, Object.keys(body.errors)]).toEqual([422, ['domain']]);
        expect(body.errors.domain[0].replace(domain, '')).toContain('is not a domain of this workspace');
      }
      expect(written).toEqual([]);
    },
  );
});
