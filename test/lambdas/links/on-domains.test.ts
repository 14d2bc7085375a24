import { beforeEach, describe, expect, test } from '@jest/globals';
import { save } from '../../../lambdas/links/handlers.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { create, update } from './link-calls.ts';

const table = engineTable();

describe('a link on a custom domain', () => {
  const own = (name: string, workspace_id = 1) =>
    table.put({ pk: `DOMAIN#${name}`, sk: 'DOMAIN', name, workspace_id, id: 1 });
  const DOMAIN = 'go.example.com';
  beforeEach(() => own(DOMAIN));

  test('exists only there: the same slug on two domains is two links', async () => {
    const { body } = await create({ slug: '/sale', domain: DOMAIN });
    expect(body).toMatchObject({ domain: DOMAIN, full_url: 'https://go.example.com/sale' });
    expect((await create({ slug: '/sale' })).body.full_url).toBe('https://links.example.com/sale');
    expect(await table.keys('SLUG#')).toEqual(['SLUG#-#/sale LINK', 'SLUG#go.example.com#/sale LINK']);
    expect((await create({ slug: '/sale', domain: DOMAIN })).status).toBe(422);
  });

  test('gets a random slug when none is sent', async () => {
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

  describe('whose slug begins with a domain', () => {
    const HOST = [expect.stringMatching(/^must not contain a host name\. Send only the path/)];

    test.each(['/go.firma.de', 'go.firma.de/x', '/GO.Firma.de./x', '/go.firma.de:8/x'])(
      'of the workspace is a 422, new or changed: %s',
      async (slug) => {
        await own('go.firma.de');
        expect(await create({ slug })).toMatchObject({ status: 422, body: { errors: { slug: HOST } } });
        await create({ slug: '/sale' });
        expect(await update({ id: 1, slug })).toMatchObject({
          status: 422,
          body: { errors: { slug: HOST } },
        });
        expect(await table.keys('SLUG#')).toEqual(['SLUG#-#/sale LINK']);
      },
    );

    test('in a list is a 422 that names it, and nothing is saved', async () => {
      await own('go.firma.de');
      const list = ['/a', '/go.firma.de/b'].map((slug) => ({ slug, url: 'https://example.com/' }));
      const { status, body } = await call(save, { method: 'POST', json: list });
      expect([status, body.errors]).toEqual([422, { '1.slug': HOST }]);
      expect(await table.keys('SLUG#')).toEqual([]);
    });

    test('of another workspace or of none is an ordinary slug', async () => {
      await own('theirs.firma.de', 2);
      for (const slug of ['/theirs.firma.de/x', '/nobodys.firma.de/x', '/release.notes/x'])
        expect((await create({ slug })).body.slug).toBe(slug);
    });

    test('that was added later stays as it is, and can be sent again', async () => {
      await create({ slug: '/go.firma.de/x' });
      await own('go.firma.de');
      expect((await update({ id: 1, slug: '/go.firma.de/x', name: 'A' })).status).toBe(200);
    });
  });
});
