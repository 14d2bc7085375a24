import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { COUNTER_NAMES } from '../../../lambdas/clicks/counters.ts';
import { Budget } from '../../../lambdas/clicks/log.ts';
import { askCounter, askExport, askSeries } from './ask.ts';
import { ClickLog, clicksOn } from './click-log.ts';

const log = new ClickLog();

const sum = (traffic: { y: number }[]) => traffic.reduce((all, { y }) => all + y, 0);
const counted = async (parameters: Record<string, string>) => sum((await askSeries(parameters)).body.traffic);

/** Clicks of three links: 3 of people, 2 of a bot and 4 of people. */
beforeEach(() =>
  log.write([
    ...clicksOn(2, 3, () => ({ link_id: 1, country: 'DE', referer: 'https://News.example.com/a' })),
    ...clicksOn(2, 2, () => ({ link_id: 2, country: 'US', bot: 'Googlebot' })),
    ...clicksOn(1, 4, () => ({ link_id: 10, browser: 'Safari', utm_source: 'x' })),
  ]),
);

describe('a parameter', () => {
  test.each([
    [{}, 9],
    [{ link_id: '1' }, 3],
    [{ link_id: ' 1 ' }, 3],
    [{ link_ids: '1-2' }, 5],
    [{ link_ids: '1,2' }, 5],
    [{ link_ids: '1, 10' }, 7],
    [{ link_ids: '1-10,2' }, 9],
    [{ link_ids: '10' }, 4],
    [{ link_ids: '0010' }, 4],
    [{ link_ids: '2', link_id: '1' }, 5],
    [{ link_ids: '999' }, 0],
    [{ bots: 'false' }, 7],
    [{ bots: 'FALSE' }, 7],
    [{ bots: '0' }, 7],
    [{ bots: 'no' }, 7],
    [{ bots: 'exclude' }, 7],
    [{ bots: 'true' }, 9],
    [{ bots: 'True' }, 9],
    [{ bots: '1' }, 9],
    [{ bots: 'include' }, 9],
    [{ bots: 'only' }, 2],
    [{ bots: 'ONLY' }, 2],
    [{ bots: '' }, 9],
    [{ unique: 'false' }, 9],
    [{ unique: '0' }, 9],
    [{ country: 'DE' }, 3],
    [{ country: 'de' }, 3],
    [{ country: 'FR' }, 0],
    [{ country: '' }, 9],
    [{ referer: 'news.example.com' }, 3],
    [{ referer: 'News.Example.com' }, 3],
    [{ browser: 'Safari' }, 4],
    [{ utm_source: 'x' }, 4],
    [{ bot_name: 'Googlebot' }, 2],
    [{ bot_name: 'Googlebot', bots: 'false' }, 0],
    [{ platform: 'constructor' }, 0],
    [{ start: '2026-07-14' }, 4],
    [{ end: '2026-07-13' }, 5],
    [{ start: '2026-07-13', end: '2026-07-13' }, 5],
    [{ start: '2026-07-13T10:00:00Z', end: '2026-07-13T11:00:00+02:00' }, 5],
    [{ start: '2019-01-01', end: '2020-01-01' }, 0],
    [{ start: '2000-01-01' }, 9],
    [{ start: '2026-01-01', end: '2099-12-31' }, 9],
    [{ timezone: 'Asia/Kathmandu', start: '2026-07-14', end: '2026-07-14' }, 4],
    [{ timezone: 'utc' }, 9],
    [{ unknown: 'parameter' }, 9],
  ])('%j counts %i clicks', async (parameters, expected) => {
    expect(await counted(parameters as Record<string, string>)).toBe(expected);
  });

  test('start is 30 days before end, and the last 30 days and today without any', async () => {
    const days = async (parameters: Record<string, string>) => {
      const { traffic } = (await askSeries(parameters)).body;
      return [traffic[0].t, traffic.at(-1).t, traffic.length];
    };
    expect(await days({})).toEqual(['2026-06-15', '2026-07-15', 31]);
    expect(await days({ end: '2020-03-31' })).toEqual(['2020-03-01', '2020-03-31', 31]);
    expect(await days({ end: '2026-07-20' })).toEqual(['2026-06-15', '2026-07-20', 36]);
    expect(await days({ timezone: 'Pacific/Kiritimati' })).toEqual(['2026-06-16', '2026-07-16', 31]);
  });

  test('that counts one of many years answers with every day', async () => {
    const { status, body } = await askSeries({ start: '2000-01-01', end: '2026-07-15' });
    expect([status, body.traffic.length, sum(body.traffic)]).toEqual([200, 9_693, 9]);
    const year = await askSeries({ start: '2019-01-01', end: '2020-01-01' });
    expect(year.body.traffic).toHaveLength(366);
    for (const bucket of year.body.traffic) expect(bucket).toEqual({ t: expect.any(String), y: 0 });
  });
});

/** A bad value of each parameter, and words of the sentence that says what to change. */
const BAD: [parameters: Record<string, string>, field: string, words: RegExp][] = [
  [{ start: 'yesterday' }, 'start', /must be a date, such as 2027-01-31/],
  [{ start: '2026-02-30' }, 'start', /must be a date/],
  [{ start: '2026-13-01' }, 'start', /must be a date/],
  [{ start: '0000-00-00' }, 'start', /must be a date/],
  [{ start: '01/02/2026' }, 'start', /must be a date/],
  [{ start: '1767225600' }, 'start', /must be a date/],
  [{ start: '1999-12-31' }, 'start', /from 2000-01-01 to 2099-12-31/],
  [{ end: '2100-01-01' }, 'end', /from 2000-01-01 to 2099-12-31/],
  [{ end: '2026-07' }, 'end', /must be a date/],
  [
    { start: '2026-07-15', end: '2026-07-14' },
    'start',
    /is after the last day, 2026-07-14. Send an earlier day/,
  ],
  [{ start: '2026-07-16' }, 'start', /is after the last day, 2026-07-15/],
  [
    { timezone: 'Mars/Olympus' },
    'timezone',
    /must be a time zone of the IANA database, such as Europe\/Berlin/,
  ],
  [{ timezone: '+05:07' }, 'timezone', /must be a time zone/],
  [{ timezone: ' 05:30' }, 'timezone', /must be a time zone/],
  [{ link_id: 'abc' }, 'link_id', /must be the id of a link: a whole number, such as 5/],
  [{ link_id: '-1' }, 'link_id', /must be the id of a link/],
  [{ link_id: '1e3' }, 'link_id', /must be the id of a link/],
  [{ link_id: '1,2' }, 'link_id', /must be the id of a link/],
  [{ link_ids: 'a,b' }, 'link_ids', /must be ids of links with commas or hyphens between them, such as 1,2/],
  [{ link_ids: '-1' }, 'link_ids', /must be ids of links/],
  [{ link_ids: '1;2' }, 'link_ids', /must be ids of links/],
  [{ link_ids: '9'.repeat(400) }, 'link_ids', /must be ids of links/],
  [{ link_ids: new Array(1_001).fill(1).join() }, 'link_ids', /must be at most 1,000 ids/],
  [{ bots: 'maybe' }, 'bots', /must be true, false, include, exclude or only/],
  [{ bots: '2' }, 'bots', /must be true, false/],
  [{ unique: 'true' }, 'unique', /must be false.*no addresses to tell visitors apart/],
  [{ unique: '1' }, 'unique', /must be false/],
  [{ unique: 'maybe' }, 'unique', /must be true or false/],
  [{ country: 'x'.repeat(2_049) }, 'country', /must be at most 2048 characters long/],
  [{ format: 'xml' }, 'format', /must be json/],
];

describe('a bad value', () => {
  test.each(BAD)(
    '%j is a 422 that names %s and says what to change, for every report',
    async (parameters, field, words) => {
      const answers = [await askSeries(parameters), await askCounter('country', parameters)];
      // An export is until yesterday by default.
      if (!parameters.start || parameters.end) answers.push(await askExport(parameters));
      for (const { status, body } of answers) {
        expect([status, body.code, Object.keys(body.errors)]).toEqual([422, 'invalid_input', [field]]);
        expect(body.errors[field][0]).toMatch(words);
        expect(body.error).toMatch(new RegExp(`^${field}: `));
      }
    },
  );

  test.each([
    [{ frequency: 'week' }, 'frequency', /must be day or hour/],
    [{ pivot: 'country' }, 'pivot', /must be link_id/],
    [
      { frequency: 'hour', start: '2000-01-01' },
      'frequency',
      /hour is possible for at most 2,083 days. Ask for fewer, or for days/,
    ],
  ])('%j of a time series is a 422', async (parameters, field, words) => {
    const { status, body } = await askSeries(parameters as Record<string, string>);
    expect([status, body.errors[field]?.[0]]).toEqual([422, expect.stringMatching(words)]);
  });

  test.each([
    [{ format: 'tsv' }, 'format', /must be json or csv/],
    [{ page_size: '0' }, 'page_size', /must be a whole number/],
    [{ page_size: 'all' }, 'page_size', /must be a whole number/],
    [{ cursor: 'garbage' }, 'cursor', /must be the value of the header x-next-cursor of the answer before/],
    [{ cursor: '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' }, 'cursor', /belongs to another export. Send the same days/],
    [{ cursor: '00000000000000000000000000' }, 'cursor', /belongs to another export/],
    [{ cursor: '../CLICK#2' }, 'cursor', /must be the value/],
    [{ cursor: '{"pk":"CLICK#2#2026-07#0"}' }, 'cursor', /must be the value/],
  ])('%j of an export is a 422', async (parameters, field, words) => {
    const { status, body } = await askExport(parameters as Record<string, string>);
    expect([status, body.errors[field]?.[0]]).toEqual([422, expect.stringMatching(words)]);
  });
});

describe('a counter', () => {
  test.each(COUNTER_NAMES)('%s is counted', async (counter) => {
    const { status, body } = await askCounter(counter);
    expect(status).toBe(200);
    expect(body.total).toBe(counter === 'top_params' ? 0 : 9);
    expect(body.values.map(({ count }: { count: number }) => count)).toEqual(
      body.values.map(({ count }: { count: number }) => count).sort((a: number, b: number) => b - a),
    );
  });

  test.each([
    ['city', /finds the country of a visitor, but no city/],
    ['region', /finds the country of a visitor, but no region/],
    ['remote_ip', /stores no addresses of visitors/],
    ['unique', /cannot tell them apart/],
    ['params', /Counters are link_id, country/],
    ['constructor', /Counters are link_id, country/],
    ['__proto__', /Counters are link_id, country/],
    ['', /Counters are link_id, country/],
    ['x'.repeat(5_000), /^The counter x{60} does not exist. Counters are/],
  ])('%s is a 422 that says why, and which there are', async (counter, words) => {
    const { status, body } = await askCounter(counter);
    expect([status, body.code]).toEqual([422, 'unknown_counter']);
    expect(body.error).toMatch(words);
    expect(body.error).toContain('top_params');
  });

  test('that is also in the query is the one of the path', async () => {
    expect((await askCounter('country', { counter: 'country' })).body.values[0]).toEqual({
      value: null,
      count: 4,
    });
  });
});

test('too many clicks for one report are a 422 that names the days that fit, which then answer', async () => {
  await log.write([6, 5, 4, 3].flatMap((ago) => clicksOn(ago, 1_000, () => ({ isp: 'x'.repeat(850) }))));
  const spend = Budget.prototype.spend;
  jest.spyOn(Budget.prototype, 'spend').mockImplementation(function (this: Budget, units) {
    spend.call(this, units * 350);
  });
  const parameters = { start: '2026-07-09', end: '2026-07-20' };
  const refused = await askSeries(parameters);
  expect([refused.status, refused.body.code]).toEqual([422, 'span_too_large']);
  const [, start = '', end = ''] = /The days from (\S+) to (\S+) fit/.exec(refused.body.error) ?? [];
  expect([start > '2026-07-09', end]).toEqual([true, '2026-07-15']);
  expect((await askSeries({ start, end })).status).toBe(200);
  // The days that fit are now in summaries, so those before them fit as well.
  expect(sum((await askSeries(parameters)).body.traffic)).toBe(4_009);
});
