import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Workspace } from '../../../test/end-to-end/local-stack.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { app, authDataOf, failure, run } from './zapier-app.ts';

const { new_link: newLink, link_choices: linkChoices } = app.triggers;
const { create_link: createLink, update_link: updateLink } = app.creates;
const { find_link: findLink } = app.searches;
const OUTPUT = newLink.operation.outputFields.map(({ key }: { key: string }) => key);

let workspace: Workspace;

beforeEach(async () => {
  workspace = await sharedWorkspace();
});

const step = ({ operation }: any, inputData: object = {}, meta: object = {}) =>
  run(operation.perform, { authData: authDataOf(workspace), inputData, meta });
const url = 'https://example.com/landing-page';

describe('New Link', () => {
  test('lists links, newest first, with one level of fields', async () => {
    const ids = [];
    for (const name of ['one', 'two', 'three']) ids.unshift((await step(createLink, { url, name })).id);
    const links = await step(newLink);
    expect(links.map(({ id }: any) => id)).toEqual(ids);
    for (const link of links) expect(Object.keys(link)).toEqual(OUTPUT);
    expect(links[0]).toMatchObject({ name: 'three', url, full_url: expect.stringMatching(/^http/) });
  });

  test('of a workspace without links is empty', async () => {
    expect(await step(newLink)).toEqual([]);
  });
});

describe('the list of links to choose from', () => {
  test('has pages of 100, an end, and a search', async () => {
    const links = Array.from({ length: 101 }, (_, n) => ({
      url,
      name: `Link ${n + 1}`,
      slug: `/choice-${workspace.id}-${n}`,
    }));
    await workspace.call('POST', '/links', links.slice(0, 60));
    await workspace.call('POST', '/links', links.slice(60));
    const page = (number: number) => step(linkChoices, {}, { page: number });
    const [first, second, third] = [await page(0), await page(1), await page(2)];
    expect([first.length, second.length, third.length]).toEqual([100, 1, 0]);
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(101);
    expect(first[0].label).toMatch(/^Link \d+ \(127\.0\.0\.1:\d+|^Link \d+ \(localhost:\d+/);
    const found = await step(linkChoices, { link_search: 'link 77' }, { page: 0 });
    expect(found.map(({ label }: any) => label.split(' (')[0])).toEqual(['Link 77']);
  });

  test('shows a link without a name by its address', async () => {
    const { full_url } = await step(createLink, { url });
    expect(await step(linkChoices)).toMatchObject([{ label: full_url.replace('http://', '') }]);
  });
});

describe('Create Link', () => {
  test('creates a link with what is filled in', async () => {
    const slug = `/created-${workspace.id}`;
    const input = {
      url,
      name: 'Sale',
      slug,
      utm_source: 'zap',
      block_bots: true,
      expiry_clicks: 5,
      note: '',
    };
    const link = await step(createLink, input);
    expect(Object.keys(link)).toEqual(OUTPUT);
    expect(link).toMatchObject({ url, name: 'Sale', slug, utm_source: 'zap', expiry_clicks: 5, note: null });
    expect((await workspace.call('GET', `/link/${link.id}`)).body).toMatchObject({ block_bots: true });
  });

  test("shows the API's sentences about wrong fields", async () => {
    const { message } = await failure(step(createLink, { url: 'example', expiry_clicks: -1 }));
    expect(message).toMatch(/^url: .*expiry_clicks: /s);
  });

  test('says that a slug is taken', async () => {
    const slug = `/taken-${workspace.id}`;
    await step(createLink, { url, slug });
    const { name, message } = await failure(step(createLink, { url, slug }));
    expect([name, message]).toEqual(['AppError', expect.stringMatching(/slug/i)]);
  });
});

describe('Update Link', () => {
  test('changes what is filled in and leaves the rest', async () => {
    const { id } = await step(createLink, { url, name: 'Sale', utm_source: 'zap' });
    const changed = await step(updateLink, {
      link_id: String(id),
      name: 'Summer',
      utm_source: '',
      enabled: false,
    });
    expect(changed).toMatchObject({ id, url, name: 'Summer', utm_source: 'zap', enabled: false });
  });

  test.each(['', undefined, 'sale', '-1'])(
    'with the link %p changes and creates nothing',
    async (link_id) => {
      const { message } = await failure(step(updateLink, { link_id, url, name: 'Summer' }));
      expect(message).toBe('Link must be the id of a link, which is a number.');
      expect(await step(newLink)).toEqual([]);
    },
  );

  test('of a missing link says so', async () => {
    const { message } = await failure(step(updateLink, { link_id: 999_999, name: 'Summer' }));
    expect(message).toMatch(/^Not found\./);
  });
});

describe('Find Link', () => {
  test('finds exactly the short link, name or destination, or any text', async () => {
    const slug = `/sale-${workspace.id}`;
    const sale = await step(createLink, { url, slug, name: 'Sale' });
    await step(createLink, { url: `${url}/2`, slug: `${slug}-2`, name: 'Sale 2' });
    const found = async (find_by: string, value: string) =>
      (await step(findLink, { find_by, value })).map(({ id }: any) => id);
    for (const value of [slug, slug.slice(1), sale.full_url, ` ${slug} `]) {
      expect([value, await found('short_link', value)]).toEqual([value, [sale.id]]);
    }
    expect(await found('name', 'Sale')).toEqual([sale.id]);
    expect(await found('url', url)).toEqual([sale.id]);
    expect(await found('text', 'sale')).toHaveLength(1);
    for (const [way, value] of [
      ['short_link', '/sal'],
      ['short_link', `https://go.example.com${slug}`],
      ['short_link', '/100%'],
      ['name', 'sal'],
      ['url', 'https://example.com/'],
      ['text', 'winter'],
    ] as const) {
      expect([way, value, await found(way, value)]).toEqual([way, value, []]);
    }
  });

  test('finds a slug that is not ASCII by its encoded address', async () => {
    const { id, full_url } = await step(createLink, { url, slug: `/größe-${workspace.id}` });
    expect(await step(findLink, { find_by: 'short_link', value: full_url })).toMatchObject([{ id }]);
  });

  test('returns the same fields as Create Link, and does not show links of other workspaces', async () => {
    const created = await step(createLink, { url, name: 'Only here' });
    const search = { find_by: 'name', value: 'Only here' };
    expect(await step(findLink, search)).toEqual([created]);
    workspace = await sharedWorkspace();
    expect(await step(findLink, search)).toEqual([]);
  });
});

test('Find or Create Link creates a link once', async () => {
  const { search, create } = app.searchOrCreates.find_link;
  const slug = `/once-${workspace.id}`;
  const findOrCreate = async () => {
    const [found] = await step(app.searches[search], { find_by: 'short_link', value: slug });
    return found ?? step(app.creates[create], { url, slug });
  };
  const created = await findOrCreate();
  expect(await findOrCreate()).toEqual(created);
  expect(await step(newLink)).toHaveLength(1);
});
