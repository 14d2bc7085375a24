import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { sentBytes } from '../../../lambdas/answer-size.ts';
import { Budget } from '../../../lambdas/clicks/log.ts';
import { OTHER_KEY } from '../engine-table.ts';
import { create } from '../links/link-calls.ts';
import { askExport, wholeExport } from './ask.ts';
import { ClickLog, clicksOn, NOW, TODAY } from './click-log.ts';
import { clickAt, DAY_MS, loggedClick } from './random-clicks.ts';

const log = new ClickLog();
let link: any;

beforeEach(async () => {
  link = (await create({ url: 'https://example.com/own' })).body;
});

const NAMES =
  'id,link_id,timestamp,country,platform,browser,bot,referer,isp,url,rule,utm_source,utm_medium,utm_campaign,utm_term,utm_content,params,shortened';

describe('an export', () => {
  test('in JSON is a bare array of clicks with every name, oldest first', async () => {
    const click = loggedClick(TODAY - DAY_MS, { link_id: link.id });
    const full = loggedClick(TODAY - DAY_MS / 2, {
      link_id: link.id,
      country: 'DE',
      platform: 'ios',
      browser: 'Safari',
      bot: 'curl',
      referer: 'https://example.org/a',
      isp: 'Example AG',
      destination: 'https://example.com/rule',
      rule: 2,
      utm_source: 'x',
      params: { a: ['1', '2'] },
      shortened: true,
    });
    await log.write([full, click]);
    const { type, body, headers } = await askExport();
    expect(type).toBe('application/json; charset=utf-8');
    expect(headers).not.toHaveProperty('x-next-cursor');
    expect(body).toHaveLength(2);
    for (const one of body) expect(Object.keys(one).join()).toBe(NAMES);
    expect(body[0]).toMatchObject({
      id: click.id,
      url: 'https://example.com/own',
      country: null,
      params: {},
    });
    expect(body[0]).toMatchObject({ shortened: false, timestamp: click.timestamp, bot: null });
    const { destination, ...same } = full;
    expect(body[1]).toMatchObject({ ...same, url: destination });
  });

  test('in CSV has a header, also without clicks, and escapes formulas', async () => {
    const empty = await askExport({ format: 'csv' });
    expect([empty.type, empty.text]).toEqual(['text/csv; charset=utf-8', `${NAMES}\r\n`]);
    expect(empty.headers['content-disposition']).toBe('attachment; filename="clicks.csv"');
    const params = { a: '=1', b: 'x,"y"\r\n' };
    await log.write([loggedClick(TODAY - DAY_MS, { link_id: link.id, isp: '=cmd()', params })]);
    const [row] = parse((await askExport({ format: 'csv' })).text, { columns: true }) as Record<
      string,
      string
    >[];
    expect(row).toMatchObject({
      isp: "'=cmd()",
      url: 'https://example.com/own',
      shortened: 'false',
      country: '',
    });
    expect(JSON.parse(row?.params ?? '')).toEqual(params);
  });

  test('is from 30 days ago until yesterday unless it is asked for other days', async () => {
    const daysAgo = [32, 31, 30, 29, 1, 0];
    await log.write(daysAgo.map((ago) => loggedClick(TODAY - ago * DAY_MS + 1, { link_id: ago + 1 })));
    const ids = async (parameters = {}) =>
      (await askExport(parameters)).body.map(({ link_id }: { link_id: number }) => link_id - 1);
    expect(await ids()).toEqual([30, 29, 1]);
    expect(await ids({ end: '2026-07-15' })).toEqual([30, 29, 1, 0]);
    expect(await ids({ start: '2019-01-01', end: '2026-06-14' })).toEqual([32, 31]);
  });

  test('of any clicks in parts of any size has each click once, in order, as the filter says', async () => {
    const times = fc.integer({ min: TODAY - 40 * DAY_MS, max: NOW });
    const clicks = fc.sample(clickAt(times), { seed: 3, numRuns: 300 });
    await log.write(clicks);
    await log.write(fc.sample(clickAt(times), { seed: 4, numRuns: 50 }), 2);
    const cases = fc.record({
      size: fc.integer({ min: 40, max: 400 }),
      bots: fc.constantFrom('true', 'false', 'only'),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ size, bots }) => {
        const parameters = { start: '2026-05-01', end: '2026-07-15', page_size: String(size), bots };
        const exported = await wholeExport(parameters);
        const expected = clicks
          .filter(({ bot }) => bots === 'true' || (bot !== undefined) === (bots === 'only'))
          .map(({ id }) => id)
          .sort();
        expect(exported.clicks.map(({ id }) => id)).toEqual(expected);
        expect(exported.parts).toBe(Math.max(1, Math.ceil(expected.length / size)));
      }),
      { numRuns: 15 },
    );
  });

  test('with filters has the clicks that reports count', async () => {
    await log.write([
      ...clicksOn(1, 3, () => ({ link_id: 1, country: 'DE' })),
      ...clicksOn(2, 2, () => ({ link_id: 2, platform: 'ios', bot: 'curl' })),
    ]);
    const total = async (parameters: Record<string, string>) => (await askExport(parameters)).body.length;
    expect(await total({ link_id: '1' })).toBe(3);
    expect(await total({ link_ids: '1-2' })).toBe(5);
    expect(await total({ country: 'de' })).toBe(3);
    expect(await total({ platform: 'ios', bots: 'only' })).toBe(2);
    expect(await total({ platform: 'ios', bots: 'false' })).toBe(0);
  });

  test('has parts within Lambda’s limit, however long URLs and values are', async () => {
    const url = `https://example.com/${'u'.repeat(4_000)}`;
    const { id } = (await create({ url })).body;
    await log.write(clicksOn(1, 2_500, () => ({ link_id: id, params: { a: '"'.repeat(420) } })));
    const ids: string[] = [];
    for (const format of ['json', 'csv']) {
      const { text, headers } = await askExport({ format });
      expect(sentBytes(text)).toBeLessThan(6 * 1024 * 1024);
      expect(headers['x-next-cursor']).toBeDefined();
    }
    const { clicks, parts } = await wholeExport({});
    ids.push(...clicks.map((click) => click.id));
    expect([ids.length, new Set(ids).size]).toEqual([2_500, 2_500]);
    expect(parts).toBeGreaterThan(2);
  });

  test('of ordinary clicks has 10,000 in a part at most, whatever page_size says', async () => {
    await log.write(clicksOn(1, 10_010, () => ({ link_id: link.id })));
    const { body, headers } = await askExport({ page_size: '999999' });
    expect(body.length).toBeGreaterThan(8_000);
    expect(body.length).toBeLessThanOrEqual(10_000);
    const { body: rest } = await askExport({ cursor: String(headers['x-next-cursor']) });
    expect(body.length + rest.length).toBe(10_010);
  });

  test('continues with a cursor when its time is spent, even if nothing was found so far', async () => {
    await log.write(clicksOn(1, 5_200, () => ({ link_id: link.id, isp: 'x'.repeat(850) })));
    await log.write([loggedClick(TODAY - 2, { link_id: 77 })]);
    const spend = Budget.prototype.spend;
    jest.spyOn(Budget.prototype, 'spend').mockImplementation(function (this: Budget, units) {
      spend.call(this, units * 150);
    });
    const { clicks, parts } = await wholeExport({ link_id: '77' });
    expect(clicks.map(({ link_id }) => link_id)).toEqual([77]);
    expect(parts).toBeGreaterThan(1);
  });

  test('has no expired clicks', async () => {
    await log.write([loggedClick(TODAY - 3 * DAY_MS)], 1, 2);
    await log.write([loggedClick(TODAY - 3 * DAY_MS + 1)], 1, 5);
    expect((await askExport()).body).toHaveLength(1);
  });

  test('with a cursor of another workspace has only clicks of the key’s own', async () => {
    await log.write(clicksOn(1, 10, () => ({ link_id: 1 })));
    await log.write(
      clicksOn(1, 10, () => ({ link_id: 2 })),
      2,
    );
    const { headers } = await askExport({ page_size: '4' });
    const { body } = await askExport({ cursor: String(headers['x-next-cursor']) }, OTHER_KEY);
    expect(new Set(body.map(({ link_id }: { link_id: number }) => link_id))).toEqual(new Set([2]));
  });
});
