import { beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { sentBytes } from '../../../lambdas/answer-size.ts';
import { OTHER_KEY } from '../engine-table.ts';
import { create } from '../links/link-calls.ts';
import { askCounter, askSeries } from './ask.ts';
import { ClickLog, clicksOn } from './click-log.ts';

const log = new ClickLog();

/** Links 1 and 2 of workspace 1. */
let links: any[];

beforeEach(async () => {
  links = [];
  for (const fields of [{ name: '=Sale', slug: '/sale', url: 'https://example.com/sale' }, { slug: '/b' }])
    links.push((await create(fields)).body);
  await log.write([
    ...clicksOn(1, 3, () => ({ link_id: links[0].id, isp: '@SUM(1)', platform: 'ios' })),
    ...clicksOn(1, 2, () => ({
      link_id: links[1].id,
      isp: 'A, "B"\tC',
      destination: 'https://example.com/sale',
    })),
    ...clicksOn(0, 1, () => ({ link_id: 99_999 })),
  ]);
});

const lastDays = { start: '2026-07-13', end: '2026-07-15' };

describe('clicks by day', () => {
  test('in JSON have nothing but t and y, ascending, with zeros', async () => {
    const { type, text } = await askSeries(lastDays);
    expect(type).toBe('application/json; charset=utf-8');
    expect(text).toBe(
      '{"traffic":[{"t":"2026-07-13","y":0},{"t":"2026-07-14","y":5},{"t":"2026-07-15","y":1}]}',
    );
  });

  test.each([
    ['csv', 'text/csv', ','],
    ['tsv', 'text/tab-separated-values', '\t'],
  ])('in %s have a header, and lines that end in CRLF', async (format, media, separator) => {
    const { type, text } = await askSeries({ ...lastDays, format });
    expect(type).toBe(`${media}; charset=utf-8`);
    expect(text).toBe('t,y\r\n2026-07-13,0\r\n2026-07-14,5\r\n2026-07-15,1\r\n'.replaceAll(',', separator));
  });

  test('by hour are named by the local hour', async () => {
    const { body } = await askSeries({
      frequency: 'hour',
      timezone: 'Asia/Kathmandu',
      start: '2026-07-15',
      end: '2026-07-15',
    });
    expect(body.traffic).toHaveLength(24);
    expect(body.traffic[5]).toEqual({ t: '2026-07-15T05:00:00', y: 1 });
  });

  test('and link are maps by id, beside the links', async () => {
    const { body } = await askSeries({ ...lastDays, pivot: 'link_id' });
    const [one, other] = links.map(({ id }) => id);
    expect(body.traffic).toEqual([
      { t: '2026-07-13', y: { [one]: 0, [other]: 0, 99999: 0 } },
      { t: '2026-07-14', y: { [one]: 3, [other]: 2, 99999: 0 } },
      { t: '2026-07-15', y: { [one]: 0, [other]: 0, 99999: 1 } },
    ]);
    const byId = new Map(body.links.map((link: any) => [link.id, link]));
    expect(byId.get(one)).toEqual({ id: one, name: '=Sale', full_url: links[0].full_url });
    expect(byId.get(99_999)).toEqual({ id: 99_999, name: null, full_url: null });
    const { text } = await askSeries({ ...lastDays, pivot: 'link_id', format: 'csv' });
    const [header = [], ...rows] = parse(text) as string[][];
    expect(header[0]).toBe('t');
    expect(rows.map((row) => row[header.indexOf(String(one))])).toEqual(['0', '3', '0']);
  });

  test('and link are a 422 when the numbers of so many links do not fit', async () => {
    await log.write(clicksOn(2, 1_100, (at) => ({ link_id: 1_000 + at })));
    const { status, body } = await askSeries({ ...lastDays, pivot: 'link_id' });
    expect([status, body.errors.pivot[0]]).toEqual([
      422,
      'is possible for at most 1000 links in so many days, and 1103 were clicked. Send link_ids, or ask for fewer days',
    ]);
    expect((await askSeries({ ...lastDays, pivot: 'link_id', link_ids: '1001,1002' })).status).toBe(200);
  });
});

describe('a counter', () => {
  test('of links in CSV has four columns and no header: id, name, short link, clicks', async () => {
    const { type, text } = await askCounter('link_id', { ...lastDays, format: 'csv' });
    expect(type).toBe('text/csv; charset=utf-8');
    const [one, other] = links;
    expect(text).toBe(
      [
        `${one.id},'=Sale,${one.full_url},3`,
        `${other.id},${other.name ?? ''},${other.full_url},2`,
        '99999,,,1',
        '',
      ].join('\r\n'),
    );
  });

  test('in CSV has a header, quotes separators and escapes formulas', async () => {
    const { text } = await askCounter('isp', { ...lastDays, format: 'csv' });
    expect(text).toBe(`value,count\r\n'@SUM(1),3\r\n"A, ""B""\tC",2\r\n,1\r\n`);
    expect((await askCounter('platform', { ...lastDays, format: 'tsv' })).text).toBe(
      'value\tcount\r\n\t3\r\nios\t3\r\n',
    );
  });

  test('of destinations counts a click to the link’s own URL and one that a rule sent there as the same', async () => {
    const { body } = await askCounter('destination', lastDays);
    expect(body).toEqual({
      total: 6,
      values: [
        { value: 'https://example.com/sale', count: 5 },
        { value: null, count: 1 },
      ],
    });
  });

  test('names no link of another workspace', async () => {
    await log.write(
      clicksOn(1, 1, () => ({ link_id: links[0].id })),
      2,
    );
    const { text } = await askCounter('link_id', { format: 'csv' }, OTHER_KEY);
    expect(text).toBe(`${links[0].id},,,1\r\n`);
  });

  test('of parameters counts each value, and long ones together', async () => {
    const params = { a: ['1', '2'], gclid: 'x'.repeat(40), __proto: '' };
    await log.write(clicksOn(0, 2, () => ({ link_id: 1, params })));
    const { body } = await askCounter('top_params', { start: '2026-07-15' });
    expect(body.total).toBe(8);
    expect(body.values).toEqual(['__proto=', 'a=1', 'a=2', 'gclid=…'].map((value) => ({ value, count: 2 })));
  });

  test('has the 10,000 most frequent values, and the total of all', async () => {
    await log.write(clicksOn(0, 10_050, (at) => ({ isp: `n${Math.max(0, at - 20)}` })));
    const { body } = await askCounter('isp', { start: '2026-07-15' });
    expect(body.values).toHaveLength(10_000);
    expect(body.values[0]).toEqual({ value: 'n0', count: 21 });
    expect(body.total).toBe(10_051);
  });

  test('has fewer values when they are long, so that the answer is within Lambda’s limit', async () => {
    await log.write(clicksOn(0, 6_500, (at) => ({ isp: `${at}`.padEnd(850, '"') })));
    for (const format of ['json', 'csv', 'tsv']) {
      const { status, text } = await askCounter('isp', { start: '2026-07-15', format });
      expect(status).toBe(200);
      expect(sentBytes(text)).toBeLessThan(6 * 1024 * 1024);
      expect(sentBytes(text)).toBeGreaterThan(4 * 1024 * 1024);
      if (format === 'json') expect(JSON.parse(text).total).toBe(6_501);
    }
  });
});
