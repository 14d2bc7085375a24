import { describe, expect, test } from '@jest/globals';
import { ImportStopped } from '../../import/command.ts';
import { type ApiInMemory, apiInMemory, type CallOutcome } from './api-in-memory.ts';
import { csvOf, importInto } from './import-in-memory.ts';

const SLUGS = Array.from({ length: 30 }, (_, index) => `/s${index}`);

/** The first calls that begin with this text have these outcomes. */
function meets(api: ApiInMemory, beginning: string, ...outcomes: CallOutcome[]) {
  api.outcome = (call) => (call.startsWith(beginning) ? outcomes.shift() : undefined);
}

async function slugsThere(api: ApiInMemory) {
  const links: { slug: string }[] = await api.direct('GET', '/workspace/1/links/export');
  return links.map(({ slug }) => slug).sort();
}

const busy = (status: number, headers = {}) => Response.json({ message: 'no' }, { status, headers });

describe('a POST whose response is lost', () => {
  test.each([
    ['after it was done', 'lost-after'],
    ['before it was done', 'lost-before'],
    ['and is a 503', busy(503)],
  ] as [string, CallOutcome][])('%s creates each link once', async (_name, outcome) => {
    const api = apiInMemory();
    meets(api, 'POST', outcome, outcome instanceof Response ? undefined : outcome);
    expect(await importInto(api, csvOf(SLUGS), { concurrency: 2 })).toMatchObject({
      imported: 30,
      refused: 0,
    });
    expect(await slugsThere(api)).toEqual([...SLUGS].sort());
  });

  test.each([
    ['were not tried, and they are sent again at once', 'not_tried', 0],
    ['may or may not have been saved, and it looks after a pause', 'unavailable', 1],
  ])('says that some %s', async (_name, code, pauses) => {
    const api = apiInMemory();
    const result = {
      error: '2 of 2 links were not saved',
      code: 'partly_saved',
      errors: { '0.link': ['was not saved'], '1.link': ['was not saved'] },
      links: [{ code }, { code }],
    };
    meets(api, 'POST', Response.json(result, { status: 422 }));
    expect(await importInto(api, csvOf(['/a', '/b']))).toMatchObject({ imported: 2, refused: 0 });
    expect(await slugsThere(api)).toEqual(['/a', '/b']);
    expect([api.posts(), api.waits.length]).toEqual([2, pauses]);
  });

  test('is not sent again when the links exist', async () => {
    const api = apiInMemory();
    meets(api, 'POST', 'lost-after');
    await importInto(api, csvOf(['/a', '/b']));
    expect(api.posts()).toBe(1);
  });

  test('is recognised by slugs that are taken when the index does not show the links yet', async () => {
    const api = apiInMemory();
    let posts = 0;
    const empty = Response.json([], { status: 200 });
    api.outcome = (call) => {
      if (call.startsWith('POST')) return ++posts === 1 ? 'lost-after' : undefined;
      return posts === 1 && call.endsWith('export') ? empty.clone() : undefined;
    };
    expect(await importInto(api, csvOf(['/a', '/b']))).toMatchObject({ imported: 2, refused: 0 });
    expect(posts).toBe(2);
    expect(await slugsThere(api)).toEqual(['/a', '/b']);
  });

  test('finds links in the trash too', async () => {
    const api = apiInMemory();
    meets(api, 'POST', 'lost-after');
    const csv = 'url,slug,deleted\nhttps://example.com/,/gone,true\n';
    expect(await importInto(api, csv)).toMatchObject({ imported: 1 });
    expect(api.posts()).toBe(1);
  });
});

describe('a slug that was taken in the meantime', () => {
  const takenBy = (api: ApiInMemory, key: string, body: object) => {
    api.outcome = async (call) => {
      if (!call.startsWith('POST')) return undefined;
      api.outcome = () => undefined;
      const pk = `SLUG#-#/b`;
      await api.table.put({ ...body, pk, sk: 'LINK', gsi1pk: key, gsi1sk: '9'.padStart(16, '0') });
      return undefined;
    };
  };
  const link = { id: 9, workspace_id: 1, slug: '/b', url: 'https://example.com/', version: 1 };

  test('by the same link counts as existing, and the others of its batch are created', async () => {
    const api = apiInMemory();
    takenBy(api, 'WORKSPACE#1', link);
    expect(await importInto(api, csvOf(['/a', '/b', '/c']))).toMatchObject({
      imported: 2,
      there: 1,
      refused: 0,
    });
  });

  test('by another workspace is refused with the API’s reason', async () => {
    const api = apiInMemory();
    takenBy(api, 'WORKSPACE#2', { ...link, workspace_id: 2 });
    const { imported, reasons } = await importInto(api, csvOf(['/a', '/b', '/c']));
    expect({ imported, reasons }).toEqual({
      imported: 2,
      reasons: { 3: 'slug: /b is already taken. Choose another.' },
    });
  });
});

describe('rows that only the API rejects', () => {
  test('do not stop the other rows of their batch', async () => {
    const api = apiInMemory();
    const tags = 'x'.repeat(20_000);
    const rows = ['/a', '/b', '/c'].map((slug) => {
      const large = slug === '/b' ? 'é'.repeat(20_000) : tags;
      return `https://example.com/,${slug},${large},${large}\n`;
    });
    const { imported, reasons } = await importInto(api, `url,slug,head_tags,body_tags\n${rows.join('')}`);
    expect(imported).toBe(2);
    expect(reasons[3]).toMatch(
      /^link: The link has \d+ bytes\. The limit is 65536\. Shorten its rules or texts\./,
    );
  });

  test('in a response that does not name them are found by sending each alone', async () => {
    const api = apiInMemory();
    api.outcome = (call, body) =>
      call.startsWith('POST') && body.some(({ slug }: { slug: string }) => slug === '/b')
        ? busy(413)
        : undefined;
    const { imported, reasons } = await importInto(api, csvOf(['/a', '/b', '/c']));
    expect({ imported, reasons }).toEqual({ imported: 2, reasons: { 3: 'Clickhook responded with 413.' } });
  });
});

describe('too many calls', () => {
  test('are repeated after the time that the server asks for, and refuse no row', async () => {
    const api = apiInMemory();
    meets(
      api,
      'POST',
      busy(429, { 'retry-after': '42' }),
      busy(429),
      new Response('<html>', { status: 429 }),
    );
    expect(await importInto(api, csvOf(SLUGS))).toMatchObject({ imported: 30, refused: 0 });
    expect(api.waits).toEqual([42_000, 1_000, 1_000]);
  });
});

describe('a server that stops responding', () => {
  test('is given up after half a minute, and the next run imports the rest', async () => {
    const api = apiInMemory();
    let posts = 0;
    api.outcome = (call) =>
      posts > 0 || call.startsWith('POST') ? (posts++ === 0 ? undefined : 'lost-before') : undefined;
    const run = importInto(api, csvOf(SLUGS));
    await expect(run).rejects.toBeInstanceOf(ImportStopped);
    await expect(run).rejects.toThrow("https://links.example.com can't be reached any more (fetch failed)");
    // Before it asks whether the POST was carried out, and then until it stops asking.
    expect(api.waits.reduce((sum, ms) => sum + ms)).toBe(500 + 31_500);
    expect(await slugsThere(api)).toHaveLength(25);
    api.outcome = () => undefined;
    expect(await importInto(api, csvOf(SLUGS))).toMatchObject({ imported: 5, there: 25, refused: 0 });
    expect(await slugsThere(api)).toEqual([...SLUGS].sort());
  });

  test('from the first call on is reported at once', async () => {
    const api = apiInMemory();
    api.outcome = () => 'lost-before';
    await expect(importInto(api, csvOf(SLUGS))).rejects.toThrow(
      /can't be reached \(fetch failed\)\. Start Clickhook/,
    );
    expect(api.waits).toEqual([]);
  });

  test.each([
    ['a key that is refused', busy(401), /does not accept the API key\. Set CLICKHOOK_API_KEY/],
    [
      'a page',
      new Response('<html>'),
      /responded with 200 and without JSON\. Clickhook does not respond like that\. Check CLICKHOOK_URL/,
    ],
    ['another API', busy(404), /responded to GET \/workspaces with 404/],
    ['another shape', Response.json({ ok: true }), /returned no list/],
    [
      'a way on',
      new Response(null, { status: 301, headers: { location: 'https://other.example/' } }),
      /redirects to https:\/\/other\.example\/\. Set CLICKHOOK_URL/,
    ],
  ])('or responds with %s stops the import', async (_name, answer, sentence) => {
    const api = apiInMemory();
    meets(api, 'GET', answer);
    await expect(importInto(api, csvOf(SLUGS))).rejects.toThrow(sentence);
  });
});
