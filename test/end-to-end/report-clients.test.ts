import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import { createWorkspace, type Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';

// One test for each way in which existing clients ask for reports and read them.

let stack: Workspace;
let receiver: Receiver;
let links: { id: number; name: string; full_url: string; slug: string }[];
let today: string;

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36';

/** 5 clicks of people and 2 of a bot on the first link, and 1 on the second. */
beforeAll(async () => {
  stack = await sharedWorkspace();
  receiver = await startReceiver();
  await stack.call('POST', `${stack.path}/webhooks`, { url: receiver.url });
  links = [];
  for (const name of ['First', 'Second'])
    links.push((await stack.call('POST', '/link', { url: 'https://example.com/', name })).body);
  const [first, second] = links.map(({ slug }) => slug);
  const click = (slug = '', agent = CHROME) => stack.click(slug, { headers: { 'user-agent': agent } });
  for (let clicks = 0; clicks < 5; clicks++) await click(`${first}?utm_source=letter`);
  for (let clicks = 0; clicks < 2; clicks++) await click(first, 'curl/8.5.0');
  await click(second);
  await receiver.waitFor(8);
  today = JSON.parse(receiver.received.at(-1)?.body ?? '').timestamp.slice(0, 10);
});

afterAll(() => receiver?.close());

const daysFromToday = (days: number) =>
  new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);

/** Asks below the workspace, as a client that parses every answer as JSON. */
async function get(path: string, parameters: Record<string, string> = {}, headers?: Record<string, string>) {
  const url = `${stack.url}/api/v1${stack.path}/${path}?${new URLSearchParams(parameters)}`;
  const response = await fetch(url, { headers: headers ?? { authorization: `Bearer ${stack.key}` } });
  return { status: response.status, body: (await response.json()) as any };
}

describe('a client of the time series', () => {
  test('that takes the last element as the last day finds today’s clicks in it', async () => {
    const { traffic } = (await get('clicks')).body;
    expect(traffic.at(-1)).toEqual({ t: today, y: 8 });
  });

  test('that looks for the element of today finds exactly one', async () => {
    const { traffic } = (await get('clicks', { frequency: 'day', timezone: 'UTC' })).body;
    expect(traffic.filter(({ t }: { t: string }) => t === today)).toEqual([{ t: today, y: 8 }]);
  });

  test('that adds up y over 30 days needs no check for missing values', async () => {
    const { traffic } = (await get('clicks', { start: daysFromToday(-30), end: today })).body;
    expect(traffic.reduce((sum: number, { y }: { y: number }) => sum + y, 0)).toBe(8);
    expect(traffic).toHaveLength(31);
  });

  test('that adds up every number of an element, other than names like dates, gets the clicks', async () => {
    const { traffic } = (await get('clicks', { bots: 'false' })).body;
    const numbers = traffic.flatMap((bucket: object) =>
      Object.entries(bucket).flatMap(([name, value]) =>
        typeof value === 'number' && !/date|time|day|^t$/.test(name) ? [value] : [],
      ),
    );
    expect(numbers.reduce((sum: number, value: number) => sum + value, 0)).toBe(6);
  });

  test('that asks for all clicks and for people, and joins both on the first ten characters of t, gets each day once', async () => {
    const span = { start: daysFromToday(-2), end: today };
    const all = (await get('clicks', span)).body.traffic;
    const people = (await get('clicks', { ...span, bots: 'false' })).body.traffic;
    const byDay = new Map(people.map(({ t, y }: any) => [t.slice(0, 10), y]));
    expect(byDay.size).toBe(3);
    expect(all.map(({ t, y }: any) => [t.slice(0, 10), y, byDay.get(t.slice(0, 10))])).toEqual([
      [daysFromToday(-2), 0, 0],
      [daysFromToday(-1), 0, 0],
      [today, 8, 6],
    ]);
  });

  test('that reads windows of 366 days since 2019 gets each day once', async () => {
    const days: string[] = [];
    let clicks = 0;
    for (let start = '2019-01-01'; start <= today; ) {
      const end = new Date(Date.parse(start) + 365 * 86_400_000).toISOString().slice(0, 10);
      const { status, body } = await get('clicks', {
        start,
        end: end < today ? end : today,
        frequency: 'day',
      });
      expect(status).toBe(200);
      days.push(...body.traffic.map(({ t }: { t: string }) => t));
      clicks += body.traffic.reduce((sum: number, { y }: { y: number }) => sum + y, 0);
      start = new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10);
    }
    expect(clicks).toBe(8);
    expect(new Set(days).size).toBe(days.length);
    expect([days[0], days.at(-1)]).toEqual(['2019-01-01', today]);
  });

  test('that reads the last two days again gets the same', async () => {
    const span = { start: daysFromToday(-1), end: today };
    expect(await get('clicks', span)).toEqual(await get('clicks', span));
  });

  test('that asks from 2000 gets an answer', async () => {
    const { status, body } = await get('clicks', { start: '2000-01-01', end: today });
    expect([status, body.traffic[0], body.traffic.at(-1)]).toEqual([
      200,
      { t: '2000-01-01', y: 0 },
      { t: today, y: 8 },
    ]);
  });

  test('that draws hours reads local times without an offset', async () => {
    const { traffic } = (await get('clicks', { frequency: 'hour', start: today, end: today })).body;
    expect(traffic).toHaveLength(24);
    for (const { t } of traffic) expect(t).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00$/);
  });

  test.each(['-', ','])(
    'that separates the ids of links with %j gets the clicks of all',
    async (separator) => {
      const link_ids = links.map(({ id }) => id).join(separator);
      expect((await get('clicks', { link_ids })).body.traffic.at(-1).y).toBe(8);
    },
  );

  test.each([
    ['true', 8],
    ['false', 6],
    ['include', 8],
    ['exclude', 6],
    ['only', 2],
  ])('that sends bots=%s gets %i clicks', async (bots, total) => {
    expect((await get('clicks', { bots })).body.traffic.at(-1).y).toBe(total);
  });

  test('that draws a line for each link reads y by link, and the links', async () => {
    const { traffic, links: named } = (await get('clicks', { pivot: 'link_id' })).body;
    const lines = Object.fromEntries(
      named.map(({ id, name }: any) => [name, traffic.map(({ y }: any) => y[id]).at(-1)]),
    );
    expect(lines).toEqual({ First: 7, Second: 1 });
    for (const { y } of traffic) expect(Object.keys(y)).toHaveLength(2);
  });

  test('that sends every parameter of its form, most of them blank, gets what the others say', async () => {
    const blank = { country: '', browser: '', platform: '', referer: '', isp: '', link_id: '', link_ids: '' };
    const form = {
      ...blank,
      start: '',
      end: '',
      unique: 'false',
      format: 'json',
      workspace_id: String(stack.id),
    };
    expect((await get('clicks', form)).body.traffic.at(-1)).toEqual({ t: today, y: 8 });
  });
});

describe('a client of counters', () => {
  test('that shows the share of each value divides by total', async () => {
    const { total, values } = (await get('clicks/counters/utm_source')).body;
    expect(values.map(({ value, count }: any) => [value, count / total])).toEqual([
      ['letter', 5 / 8],
      [null, 3 / 8],
    ]);
  });

  test('that takes the first value as the most frequent one finds it', async () => {
    const { values } = (await get('clicks/counters/browser_name', { bots: 'false' })).body;
    expect(values[0]).toEqual({ value: 'Chrome', count: 6 });
  });

  test('that repeats the counter in the query gets that of the path', async () => {
    const { status, body } = await get('clicks/counters/bot_name', { counter: 'bot_name' });
    expect([status, body.total]).toEqual([200, 8]);
  });

  test('that reads links as CSV takes the name from the second column and the count from the fourth', async () => {
    const url = `${stack.url}/api/v1${stack.path}/clicks/counters/link_id?format=csv&api_key=${stack.key}`;
    const text = await (await fetch(url)).text();
    const rows = text
      .trimEnd()
      .split('\r\n')
      .map((row) => row.split(','));
    expect(rows.map((row) => [row.length, row[1], row[3]])).toEqual([
      [4, 'First', '7'],
      [4, 'Second', '1'],
    ]);
  });

  test.each(['city', 'region', 'remote_ip'])('that asks for %s reads why there is none', async (counter) => {
    const { status, body } = await get(`clicks/counters/${counter}`);
    expect(status).toBe(422);
    expect(body.error).toMatch(/Clickhook (finds the country|stores no addresses)/);
  });

  test('that asks for unique visitors reads why they are not counted', async () => {
    const { status, body } = await get('clicks', { unique: 'true' });
    expect([status, body.errors.unique[0]]).toEqual([422, expect.stringContaining('no addresses')]);
  });
});

describe('a client of single clicks', () => {
  test('that reads a bare array finds the names of the webhook’s click', async () => {
    const { body } = await get('clicks/export', { end: today, link_id: String(links[0]?.id) });
    expect(body).toHaveLength(7);
    for (const name of [
      'id',
      'link_id',
      'timestamp',
      'country',
      'platform',
      'browser',
      'referer',
      'isp',
      'bot',
      'url',
    ])
      expect(body[0]).toHaveProperty(name);
    expect(body[0].params).toEqual({ utm_source: 'letter' });
  });

  test('that follows the cursor until there is none gets each click once', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ end: today, page_size: '3', ...(cursor ? { cursor } : {}) });
      const response = await fetch(`${stack.url}/api/v1${stack.path}/clicks/export?${query}`, {
        headers: { 'x-api-key': stack.key },
      });
      ids.push(...((await response.json()) as any[]).map(({ id }) => id));
      cursor = response.headers.get('x-next-cursor');
    }
    expect(ids).toEqual(receiver.received.map(({ body }) => JSON.parse(body).click.id).sort());
  });

  test('that joins clicks with its webhooks’ deliveries by id finds each', async () => {
    const { body } = await get('clicks/export', { end: today });
    const delivered = new Map(
      receiver.received.map((one) => [JSON.parse(one.body).click.id, JSON.parse(one.body)]),
    );
    for (const { id, timestamp } of body) expect(delivered.get(id)?.timestamp).toBe(timestamp);
  });
});

test('a client with a key of another workspace gets a 404 that does not say that the workspace exists', async () => {
  const { key } = await createWorkspace(stack.url);
  expect(await get('clicks', {}, { 'x-api-key': key })).toEqual({
    status: 404,
    body: { error: 'Not found', code: 'not_found' },
  });
});
