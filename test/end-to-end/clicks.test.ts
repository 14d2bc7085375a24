import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { COUNTER_NAMES } from '../../lambdas/clicks/counters.ts';
import { sharedWorkspace } from '../shared-stack.ts';
import { byValue, countedAs, countsOf, VISITORS, type Visitor, visitAs } from './click-visitors.ts';
import { createWorkspace, type Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { visit } from './visit.ts';

const EXCLUDED = '127.44.55.66';
const CLICKS = 200;
/** Few, because on a busy machine a click is lost when the queue does not accept it in 300 ms. */
const AT_ONCE = 4;

let stack: Workspace;
let other: Workspace;
let ours: Receiver;
let theirs: Receiver;
/** Links of the workspace: one with rules, one with a rotator and its own campaign. */
let links: { id: number; slug: string; full_url: string }[];
/** What the webhooks of each workspace received. */
let payloads: any[];
let otherPayloads: any[];

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
/** Two days, because the test can run at midnight. */
let start: string;

const received = ({ received: all }: Receiver) => all.map(({ body }) => JSON.parse(body));
const create = async (workspace: Workspace, fields: object) => {
  const { status, body } = await workspace.call('POST', '/link', {
    url: 'https://example.com/own',
    ...fields,
  });
  expect(status).toBe(200);
  return body;
};

/** Visits that are not recorded: HEAD, an excluded address, and a skipped crawler. */
async function visitUnrecorded(): Promise<void> {
  const skipping = await create(stack, { skip_social_crawler_tracking: true });
  const preview = { 'user-agent': 'facebookexternalhit/1.1' };
  const slug = links[0]?.slug ?? '';
  const statuses = [
    await visit(stack.url, slug, { method: 'HEAD' }),
    await visit(stack.url, slug, { from: EXCLUDED }),
    await visit(stack.url, skipping.slug, { headers: preview }),
    await visit(stack.url, slug, { headers: { purpose: 'prefetch' } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([302, 302, 302, 503]);
}

beforeAll(async () => {
  start = yesterday();
  stack = await sharedWorkspace();
  [other, ours, theirs] = await Promise.all([createWorkspace(stack.url), startReceiver(), startReceiver()]);
  await stack.call('PATCH', stack.path, { excluded_ips: EXCLUDED });
  await stack.call('POST', `${stack.path}/webhooks`, { url: `${ours.url}/all` });
  await other.call('POST', `${other.path}/webhooks`, { url: `${theirs.url}/all` });
  const ios = { what: 'platform', matches: 'ios', url: 'https://example.com/ios?utm_source=rule' };
  const half = { what: 'rotator', matches: '50', url: 'https://example.com/half', percentage: 50 };
  links = [
    await create(stack, { name: '=Rules', rules: [ios] }),
    await create(stack, { name: 'Rotator', rules: [half], utm_campaign: 'link', forward_params: true }),
  ];
  const theirLink = await create(other, {});
  const isTheirs = (number: number) => Math.floor(number / VISITORS.length) % 5 === 4;
  const numbers = [...new Array(CLICKS).keys()];
  for (let first = 0; first < CLICKS; first += AT_ONCE) {
    const statuses = await Promise.all(
      numbers.slice(first, first + AT_ONCE).map((number) => {
        const target = isTheirs(number) ? theirLink : links[number % 7 < 3 ? 0 : 1];
        return visitAs(VISITORS[number % VISITORS.length] as Visitor, stack.url, target.slug);
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([302]));
  }
  await visitUnrecorded();
  const theirTotal = numbers.filter(isTheirs).length;
  await theirs.waitFor(theirTotal);
  await ours.waitFor(CLICKS - theirTotal);
  // Sample clicks go to the same webhooks, after all others.
  expect((await stack.call('POST', `/link/${links[0]?.id}/webhooks/test`)).status).toBe(202);
  await ours.waitFor(CLICKS - theirTotal + 1);
  payloads = received(ours).filter(({ click }) => click.params.clickhook_test === undefined);
  otherPayloads = received(theirs);
  expect([payloads.length, otherPayloads.length]).toEqual([CLICKS - theirTotal, theirTotal]);
});

afterAll(async () => {
  await Promise.all([ours?.close(), theirs?.close()]);
});

type Parameters = Record<string, string>;

/** Asks for a report as text. */
async function ask(path: string, parameters: Parameters = {}, workspace = stack, headers?: Parameters) {
  const query = new URLSearchParams({ start, ...parameters });
  const response = await fetch(`${workspace.url}/api/v1${workspace.path}/clicks${path}?${query}`, {
    headers: headers ?? { authorization: `Bearer ${workspace.key}` },
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) };
}

const series = async (parameters: Parameters = {}, workspace = stack) =>
  (await ask('', parameters, workspace)).json().traffic as { t: string; y: number }[];
const total = async (parameters: Parameters, workspace = stack) =>
  (await series(parameters, workspace)).reduce((sum, { y }) => sum + y, 0);

/** The payloads that a filter is about, found one by one. */
const FILTERS: [name: string, parameters: () => Parameters, isMeant: (payload: any) => boolean][] = [
  ['nothing', () => ({}), () => true],
  ['people', () => ({ bots: 'false' }), ({ click }) => click.bot_name === null],
  ['bots', () => ({ bots: 'only' }), ({ click }) => click.bot_name !== null],
  ['a link', () => ({ link_id: String(links[0]?.id) }), ({ link }) => link.id === links[0]?.id],
  ['links', () => ({ link_ids: links.map(({ id }) => id).join('-') }), () => true],
  ['a platform', () => ({ platform: 'ios' }), ({ click }) => click.platform === 'ios'],
  ['a browser', () => ({ browser: 'Firefox' }), ({ click }) => click.browser_name === 'Firefox'],
  ['a referrer', () => ({ referer: 'news.example.com' }), ({ click }) => /news/i.test(click.referer ?? '')],
  ['a source', () => ({ utm_source: 'letter' }), ({ click }) => click.params.utm_source === 'letter'],
  [
    'a link, a platform and people',
    () => ({ link_id: String(links[1]?.id), platform: 'desktop', bots: 'exclude' }),
    ({ link, click }) => link.id === links[1]?.id && click.platform === 'desktop' && click.bot_name === null,
  ],
];

describe('200 clicks by twelve kinds of visitors', () => {
  test('reached the webhooks with what the reports are to show', () => {
    const names = new Set(payloads.flatMap(({ click }) => [click.platform, click.bot_name]));
    expect(names.size).toBeGreaterThan(5);
    expect(new Set(payloads.map(({ click }) => click.destination)).size).toBeGreaterThan(3);
  });

  test.each(FILTERS)(
    'filtered by %s are those of the webhooks in every report',
    async (_name, parameters, isMeant) => {
      const meant = payloads.filter(isMeant);
      expect(meant.length).toBeGreaterThan(0);
      expect(await total(parameters())).toBe(meant.length);
      for (const counter of COUNTER_NAMES.filter((name) => name !== 'rule')) {
        const { total: all, values } = (await ask(`/counters/${counter}`, parameters())).json();
        const expected = countsOf(meant, counter);
        expect({ counter, values: values.sort(byValue) }).toEqual({ counter, values: expected });
        expect(all).toBe(expected.reduce((sum, { count }) => sum + count, 0));
      }
      const exported = (
        await ask('/export', { ...parameters(), end: new Date().toISOString().slice(0, 10) })
      ).json();
      expect(exported.map(({ id }: any) => id)).toEqual(meant.map(({ click }) => click.id).sort());
    },
  );

  test.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
    'by day and hour in %s are those of the webhooks',
    async (timezone) => {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: timezone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const local = payloads.map(({ timestamp }) => format.format(Date.parse(timestamp)).replace(' ', 'T'));
      for (const [frequency, length] of [
        ['day', 10],
        ['hour', 13],
      ] as const) {
        const traffic = await series({ timezone, frequency });
        const starts = traffic.map(({ t }) => t);
        expect(starts).toEqual([...starts].sort());
        for (const { t, y } of traffic)
          expect([t, y]).toEqual([t, local.filter((own) => own.startsWith(t.slice(0, length))).length]);
        expect(traffic.reduce((sum, { y }) => sum + y, 0)).toBe(payloads.length);
      }
    },
  );

  test('by link are those of the webhooks', async () => {
    const { traffic, links: named } = (await ask('', { pivot: 'link_id' })).json();
    for (const { id, name, full_url } of links as any[]) {
      const count = traffic.reduce((sum: number, { y }: any) => sum + y[id], 0);
      expect(count).toBe(payloads.filter(({ link }) => link.id === id).length);
      expect(named).toContainEqual({ id, name, full_url });
    }
  });

  test('are exported in parts, in JSON and CSV, with what the webhooks received', async () => {
    const end = new Date().toISOString().slice(0, 10);
    const rows: any[] = [];
    for (let cursor = ''; ; ) {
      const part = await ask('/export', { end, page_size: '37', ...(cursor ? { cursor } : {}) });
      rows.push(...part.json());
      cursor = part.headers.get('x-next-cursor') ?? '';
      if (!cursor) break;
    }
    const lines = parse((await ask('/export', { end, format: 'csv' })).text, { columns: true }) as any[];
    const sorted = [...payloads].sort((one, two) => (one.click.id < two.click.id ? -1 : 1));
    expect([rows.length, lines.length]).toEqual([payloads.length, payloads.length]);
    for (const [index, { timestamp, link, click }] of sorted.entries()) {
      const expected = {
        id: click.id,
        link_id: link.id,
        timestamp,
        country: click.country,
        platform: click.platform,
        browser: click.browser_name,
        bot: click.bot_name,
        isp: click.isp,
        url: click.destination,
        params: click.params,
        shortened: false,
        referer: click.referer?.replace(/[?#].*/, '') ?? null,
      };
      expect(rows[index]).toMatchObject(expected);
      expect(lines[index]).toMatchObject({ id: click.id, url: click.destination, timestamp });
      expect(JSON.parse(lines[index].params)).toEqual(click.params);
    }
  });

  test('name the rule that chose the destination', async () => {
    const { values } = (await ask('/counters/rule', { link_id: String(links[0]?.id) })).json();
    const byRule = payloads.filter(
      ({ link, click }) => link.id === links[0]?.id && /\/ios/.test(click.destination),
    );
    expect(values.find(({ value }: any) => value === '1')?.count).toBe(byRule.length);
  });

  test('leave out sample clicks, HEAD requests, excluded addresses, skipped crawlers and prefetches', async () => {
    expect(received(ours)).toHaveLength(payloads.length + 1);
    expect(await total({})).toBe(payloads.length);
    const { values } = (await ask('/counters/top_params')).json();
    expect(JSON.stringify(values)).not.toContain('clickhook_test');
  });
});

describe('another workspace', () => {
  test('sees its own clicks only', async () => {
    expect(await total({}, other)).toBe(otherPayloads.length);
    const { values } = (await ask('/counters/link_id', {}, other)).json();
    expect(values.sort(byValue)).toEqual(countsOf(otherPayloads, 'link_id'));
    const end = new Date().toISOString().slice(0, 10);
    const exported = (await ask('/export', { end }, other)).json();
    expect(exported.map(({ id }: any) => id)).toEqual(otherPayloads.map(({ click }) => click.id).sort());
    expect(await total({ link_id: String(links[0]?.id) }, other)).toBe(0);
    expect(countedAs(otherPayloads[0], 'link_id')).not.toContain(String(links[0]?.id));
  });

  test('is a 404 with the key of this one, and the other way round', async () => {
    for (const path of ['', '/counters/country', '/export'])
      for (const [workspace, key] of [
        [stack, other.key],
        [other, stack.key],
      ] as const) {
        const { status, json } = await ask(path, {}, workspace, { 'x-api-key': key });
        expect([status, json()]).toEqual([404, { error: 'Not found', code: 'not_found' }]);
      }
  });
});

test.each([
  ['a bearer token', (key: string) => ({ authorization: `Bearer ${key}` }), {}],
  ['basic', (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }), {}],
  ['a header', (key: string) => ({ 'x-api-key': key }), {}],
  ['the query', () => ({}), { api_key: true }],
] as const)(
  'every report answers with the key as %s, and names the workspace as clients do',
  async (_name, headers, query) => {
    for (const path of ['', '/counters/country', '/export']) {
      const parameters = {
        workspace_id: String(stack.id),
        ...('api_key' in query ? { api_key: stack.key } : {}),
      };
      const { status } = await ask(path, parameters, stack, headers(stack.key) as Parameters);
      expect([path, status]).toEqual([path, 200]);
    }
    expect((await ask('', { api_key: 'ck_wrong' }, stack, {})).status).toBe(401);
  },
);
