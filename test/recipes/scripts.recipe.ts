import { runInNewContext } from 'node:vm';
import { beforeEach, expect, test } from '@jest/globals';
import { click } from '../lambdas/deliver/sample-click.ts';
import { codeOf } from './code-of.ts';

/** Rows of a sheet, and the clicks that the script has seen. */
let rows: string[][];
let cache: Map<string, string>;
let locks: number;

beforeEach(() => {
  rows = [];
  cache = new Map();
  locks = 0;
});

/** Runs the script of the recipe for Google Sheets, with the services of Apps Script that it uses. */
async function posted(payload: object): Promise<unknown> {
  const services = {
    LockService: { getScriptLock: () => ({ waitLock: () => locks++, releaseLock: () => locks-- }) },
    CacheService: {
      getScriptCache: () => ({ get: (key: string) => cache.get(key) ?? null, put: cache.set.bind(cache) }),
    },
    SpreadsheetApp: {
      getActiveSpreadsheet: () => ({
        getSheets: () => [{ getLastRow: () => rows.length, appendRow: (row: string[]) => rows.push(row) }],
      }),
    },
    ContentService: { createTextOutput: (text: string) => text },
    request: { postData: { contents: JSON.stringify(payload) } },
  };
  return runInNewContext(`${await codeOf('google-sheets', 'js')}\ndoPost(request)`, services);
}

test('the script for Google Sheets adds a row for each click, under a row of names', async () => {
  for (const number of [1, 2, 2]) expect(await posted(click(number).payload)).toBe('ok');
  expect(rows.map(([time]) => time)).toEqual([
    'Time',
    '2025-01-15T10:30:00.123456Z',
    '2025-01-15T10:30:00.123456Z',
  ]);
  expect(rows[1]).toEqual([
    '2025-01-15T10:30:00.123456Z',
    'https://links.example.com/sale',
    'https://example.com/landing-page',
    '',
    'desktop',
    'Chrome',
    '',
    '',
  ]);
  expect(locks).toBe(0);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)'])(
  'the script for Google Sheets writes %s as text',
  async (referer) => {
    const { payload } = click(1);
    payload.click.referer = referer;
    await posted(payload);
    expect(rows[1]).toContain(`'${referer}`);
  },
);

test.each([
  [
    null,
    {
      link: 'https://links.example.com/sale',
      country: null,
      destination: 'https://example.com/landing-page',
    },
  ],
  ['Googlebot', 'A bot clicked'],
])('the step for Pipedream goes on for people and stops for bots: %s', async (bot_name, result) => {
  const { payload } = click(1);
  Object.assign(payload.link, { name: null });
  payload.click.bot_name = bot_name;
  const code = (await codeOf('pipedream', 'js')).replace('export default defineComponent', 'step = ');
  const { run } = runInNewContext(`let step;\n${code}\nstep`) as { run: (from: object) => Promise<unknown> };
  const $ = { flow: { exit: (reason: string) => reason } };
  expect(await run({ steps: { trigger: { event: { body: payload } } }, $ })).toEqual(result);
});
