import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { save } from '../../../lambdas/links/handlers.ts';
import { linkKeyOf, type OwnOrigins } from '../../../lambdas/links/loops.ts';
import { table as client } from '../../../lambdas/table.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { sampleLink } from '../sample-link.ts';
import { create, remove, update } from './link-calls.ts';

const BASE = 'https://links.example.com';
const API = 'https://abc123.execute-api.eu-central-1.amazonaws.com';
const DOMAIN = 'go.example.com';
const BACK = /^must not lead back to this short link/;
const LOOP = /^must not lead to a short link that leads back to itself/;

const table = engineTable();

beforeEach(async () => {
  process.env.CLICKHOOK_API_ENDPOINT = API;
  await table.put({ pk: `DOMAIN#${DOMAIN}`, sk: 'DOMAIN', name: DOMAIN, workspace_id: 1, id: 1 });
});

afterEach(() => {
  delete process.env.CLICKHOOK_API_ENDPOINT;
});

const at = (slug: string) => `${BASE}${slug}`;
const refused = (sentences: Record<string, RegExp>) => ({
  status: 422,
  body: {
    code: 'invalid_input',
    errors: Object.fromEntries(
      Object.entries(sentences).map(([field, sentence]) => [field, [expect.stringMatching(sentence)]]),
    ),
  },
});

/** Every spelling of the address of `/summer/café` on the default host. */
const SPELLINGS = [
  at('/summer/café'),
  at('/summer/caf%C3%A9'),
  at('/summer/cafe\u0301'),
  at('/summer/cafe%CC%81'),
  at('/summer%2Fcafé'),
  at('//summer/café'),
  at('/summer//café'),
  at('///summer///café//'),
  at('/summer%2F%2Fcafé'),
  at('/summer/%2Fcafé'),
  at('/summer/café%3F'),
  at('/summer/café%3Futm_source=x'),
  at('/summer/café/%3fa=1?b=2'),
  at('/%73ummer/café'),
  at('/summer/café/'),
  at('/summer/café//'),
  at('/summer/café%2F'),
  at('/summer/café?utm_source=x'),
  at('/summer/café/?a=1#top'),
  at('/x/../summer/./café'),
  'http://links.example.com/summer/café',
  'HTTPS://LINKS.Example.COM:443/summer/café',
  'https://links.example.com:80/summer/café',
  'https://links.example.com./summer/café',
  'https:\\\\links.example.com\\summer\\café',
  'https://someone@links.example.com/summer/café',
  `${API}/summer/café`,
];

describe('a link that redirects to itself', () => {
  test.each(SPELLINGS)('as %s is a 422 at url, and nothing is written', async (url) => {
    expect(await create({ slug: '/summer/café', url })).toMatchObject(refused({ url: BACK }));
    expect(table.writes).toEqual([]);
  });

  test.each([
    ['https://go.example.com/a'],
    ['http://GO.example.com./a/'],
    ['https://go.example.com:443/%61?x#y'],
  ])(
    'on a custom domain, as %s, is a 422; the same slug on the default host is another link',
    async (url) => {
      expect(await create({ slug: '/a', domain: DOMAIN, url })).toMatchObject(refused({ url: BACK }));
      expect((await create({ slug: '/a', url })).status).toBe(200);
    },
  );

  test('is named at each field that leads there, cloaked or not', async () => {
    const json = {
      slug: '/a',
      cloaking: true,
      rules: [
        { what: 'country', matches: 'US', url: 'https://example.com/us' },
        { what: 'rotator', percentage: 10, url: at('/a#x') },
      ],
      expiry_destination: at('/a?expired'),
    };
    expect(await create(json)).toMatchObject(refused({ 'rules.1.url': BACK, expiry_destination: BACK }));
    expect((await create(json)).body.errors.url).toBeUndefined();
  });

  test('is rejected when a change, a move or restoring it would cause that, and stays as it was', async () => {
    await create({ slug: '/a', url: at('/b') });
    expect(await update({ id: 1, url: at('/a') })).toMatchObject(refused({ url: BACK }));
    expect(await update({ id: 1, slug: '/b' })).toMatchObject(refused({ url: BACK }));
    await create({ slug: '/c', url: `https://${DOMAIN}/c` });
    expect(await update({ id: 2, domain: DOMAIN })).toMatchObject(refused({ url: BACK }));
    await table.put({ ...(await table.read('SLUG#-#/a', 'LINK')), url: at('/a') });
    await remove(1);
    expect(await update({ id: 1, deleted: false })).toMatchObject(refused({ url: BACK }));
  });

  test('from before this check can still be changed in other fields', async () => {
    await create({ slug: '/a' });
    await table.put({ ...(await table.read('SLUG#-#/a', 'LINK')), url: at('/a') });
    expect((await update({ id: 1, name: 'A', url: at('/a'), utm_source: 'mail' })).status).toBe(200);
  });
});

describe('links that lead to each other', () => {
  /** A chain of links: `/1` redirects to `/2` and so on. The last redirects to example.com. */
  async function chain(length: number): Promise<void> {
    for (let n = 1; n <= length; n++) {
      await create({ slug: `/${n}`, url: n < length ? at(`/${n + 1}`) : 'https://example.com/' });
    }
  }

  test.each([1, 2, 3, 4, 5])(
    'are rejected through %i others, whichever request closes the loop',
    async (others) => {
      await chain(others);
      expect(await create({ slug: '/new', url: at('/1') })).toMatchObject({ status: 200 });
      expect(await update({ id: others, url: at('/new') })).toMatchObject(refused({ url: BACK }));
      expect(await create({ slug: '/x', url: at('/1') })).toMatchObject({ status: 200 });
    },
  );

  test('are rejected through rules, expiry, and the domains and links of other workspaces', async () => {
    await create({
      slug: '/a',
      rules: [
        { what: 'bot', url: 'https://example.com/bots' },
        { what: 'country', matches: 'US', url: at('/b') },
      ],
    });
    const theirs = {
      slug: '/b',
      url: 'https://example.com/',
      expiry_destination: 'https://go.example.com/c',
    };
    await call(save, { key: OTHER_KEY, method: 'POST', json: theirs });
    expect(await create({ slug: '/c', domain: DOMAIN, url: at('/a') })).toMatchObject(refused({ url: BACK }));
  });

  test('are rejected when the other is disabled or in the trash, because it can come back', async () => {
    await create({ slug: '/a', url: at('/b'), enabled: false });
    await remove(1);
    expect(await create({ slug: '/b', url: at('/a') })).toMatchObject(refused({ url: BACK }));
  });

  test('are rejected when the link would lead into a loop of others', async () => {
    await create({ slug: '/a' });
    await create({ slug: '/b', url: at('/a') });
    await table.put({ ...(await table.read('SLUG#-#/a', 'LINK')), url: at('/b') });
    expect(await create({ url: at('/b'), slug: '/c' })).toMatchObject(refused({ url: LOOP }));
    expect(await create({ expiry_destination: at('/a') })).toMatchObject(
      refused({ expiry_destination: LOOP }),
    );
  });

  test('in one list: the links before are saved, and the one that closes the loop is named', async () => {
    const list = [
      { slug: '/a', url: at('/b') },
      { slug: '/b', url: at('/a') },
      { slug: '/c', url: 'https://example.com/' },
    ];
    const { status, body } = await call(save, { method: 'POST', json: list });
    expect([status, body.code]).toEqual([422, 'partly_saved']);
    expect(body.errors).toEqual({ '1.url': [expect.stringMatching(BACK)] });
  });

  test('in one list, a link to itself rejects all', async () => {
    const list = [{ url: 'https://example.com/' }, { slug: '/a', url: at('/a') }];
    const { body } = await call(save, { method: 'POST', json: list });
    expect([body.code, Object.keys(body.errors)]).toEqual(['invalid_input', ['1.url']]);
    expect(table.writes).toEqual([]);
  });
});

test.each([
  at('/docs'),
  at('/app'),
  at('/api/v1/openapi.json'),
  at('/missing'),
  at('/other'),
  at('/'),
  at('/A'),
  at('/a/b'),
  at('/a%'),
  at(`/${'a'.repeat(300)}`),
  'https://links.example.com:8443/a',
  'https://links.example.com.evil.example/a',
  'https://example.com/a?next=https://links.example.com/a',
  `https://${'a.'.repeat(1_500)}example/a`,
  'https://192.0.2.1/a',
])('%s stays allowed for the link /a', async (url) => {
  await create({ slug: '/other' });
  expect((await create({ slug: '/a', url })).status).toBe(200);
});

test('a move out of the loop is allowed', async () => {
  await create({ slug: '/a' });
  await create({ slug: '/b', url: at('/a') });
  expect(await update({ id: 1, slug: '/new', url: at('/b') })).toMatchObject({ status: 200 });
});

test('one read per step finds the loop, however many rules there are, and none if no URL can be ours', async () => {
  const rules = (count: number, url: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => ({ what: 'bot', url: url(n) }));
  const send = jest.spyOn(client, 'send');
  const reads = () => send.mock.calls.filter(([command]) => command instanceof BatchGetCommand);
  await create({ slug: '/a', url: 'https://192.0.2.1/', rules: rules(100, (n) => `https://192.0.2.1/${n}`) });
  expect(reads()).toHaveLength(0);
  for (let n = 0; n < 20; n++) {
    await table.put({
      ...sampleLink({
        slug: `/${n}`,
        url: at('/0'),
        rules: rules(50, (m) => at(`/${(m % 20) + 20}`)) as any,
      }),
      pk: `SLUG#-#/${n}`,
      sk: 'LINK',
    });
  }
  await create({ slug: '/b', url: at('/19'), rules: rules(20, (n) => at(`/${n}`)) });
  expect(reads().length).toBeGreaterThan(0);
  expect(reads().length).toBeLessThanOrEqual(2);
});

describe('on a local machine', () => {
  const LOCAL: OwnOrigins = [new URL('http://localhost:3000')];

  test.each(['http://localhost:3000/hello', 'http://127.0.0.1:3000/hello/', 'http://[::1]:3000/hello?x'])(
    '%s is the link',
    (url) => expect(linkKeyOf(url, LOCAL)).toBe('SLUG#-#/hello'),
  );

  test.each(['http://localhost:8080/hello', 'http://localhost/hello', 'http://localhost:3000/inbox/hello'])(
    '%s is something else',
    (url) => expect(linkKeyOf(url, LOCAL)).toBeNull(),
  );

  test('a custom domain has the port of the service, or none', () => {
    for (const url of ['http://go.example.com:3000/a', 'https://go.example.com/a'])
      expect(linkKeyOf(url, LOCAL)).toBe('SLUG#go.example.com#/a');
  });
});

test('whatever the URL, the table accepts the key', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl({ size: 'large' }), fc.string()), (url) => {
      const key = linkKeyOf(url, [new URL(BASE)]);
      expect(Buffer.byteLength(key ?? '')).toBeLessThanOrEqual(2_048);
    }),
  );
});
