import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { statistics } from '../../../lambdas/public-statistics/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { runs } from '../../full-runs.ts';
import { httpEvent } from '../http-event.ts';
import {
  ask,
  DATA,
  dataOf,
  PAGE,
  prepareEachTest,
  readingCosts,
  requests,
  storeClick,
  storeLink,
  table,
} from './clicked-links.ts';

prepareEachTest();

test('no query and no host is an error of the service', async () => {
  const errors = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const text = fc.oneof(
    fc
      .string({ unit: 'binary', maxLength: 300 })
      .map((slug) => `slug=${encodeURIComponent(slug.toWellFormed())}`),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.constantFrom(
      'slug=%ff',
      'slug=%00',
      'slug=/..',
      'slug=%2',
      'slug=/a&slug=/b',
      `slug=/${'%F0%9F%98%80'.repeat(127)}`,
    ),
  );
  const host = fc.oneof(fc.domain(), fc.string(), fc.constant(`${'a'.repeat(3_000)}.example`));
  await fc.assert(
    fc.asyncProperty(text, host, fc.constantFrom(DATA, PAGE), async (query, domainName, path) => {
      const event = httpEvent({ path, query });
      const { statusCode } = await statistics({
        ...event,
        requestContext: { ...event.requestContext, domainName },
      });
      expect([404, 422]).toContain(statusCode);
    }),
    { numRuns: runs(5_000, 300) },
  );
  expect(errors).not.toHaveBeenCalled();
  jest.restoreAllMocks();
});

describe('for a minute', () => {
  test('browsers may keep an answer, and repeated requests for data or the page read nothing', async () => {
    storeLink();
    const first = await ask();
    expect(first.headers['cache-control']).toBe('public, max-age=60');
    const before = requests();
    expect(await ask()).toEqual(first);
    const page = await ask(PAGE);
    expect(page.headers['cache-control']).toBe('public, max-age=60');
    expect(await ask(PAGE)).toEqual(page);
    expect(requests()).toBe(before);
  });

  test('and no longer: then the link and its clicks are read again', async () => {
    const nowMs = Date.now();
    const now = jest.spyOn(Date, 'now').mockReturnValue(nowMs);
    storeLink();
    await ask();
    storeClick();
    now.mockReturnValue(nowMs + 59_999);
    expect(dataOf(await ask()).totals.people).toBe(0);
    now.mockReturnValue(nowMs + 60_000);
    expect(dataOf(await ask()).totals.people).toBe(1);
    storeLink({ public_analytics: false });
    now.mockReturnValue(nowMs + 120_000);
    expect((await ask()).statusCode).toBe(404);
    now.mockRestore();
  });
});

describe('a log that is too large for an instance', () => {
  test('is a 503 that says when to try again, and is not read again in the same minute', async () => {
    const nowMs = Date.now();
    const now = jest.spyOn(Date, 'now').mockReturnValue(nowMs);
    const errors = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
    storeLink();
    storeLink({ id: 5, slug: '/other' });
    readingCosts(40_000);
    for (const path of [DATA, PAGE]) {
      const answer = await ask(path);
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '60']);
    }
    const before = requests();
    expect((await ask(DATA, 'slug=/other')).statusCode).toBe(503);
    // The link itself.
    expect(requests()).toBe(before + 1);
    // Nothing is broken, so no alarm counts it.
    expect(errors).not.toHaveBeenCalled();
    readingCosts(1);
    now.mockReturnValue(nowMs + 60_000);
    expect((await ask(DATA, 'slug=/other')).statusCode).toBe(200);
    jest.restoreAllMocks();
  });
});

test('a table that does not answer is a 503 as data and as a page, and is logged', async () => {
  const errors = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  table.on(GetCommand).rejects(Object.assign(new Error('slow'), { name: 'TimeoutError' }));
  for (const path of [DATA, PAGE]) expect((await ask(path)).statusCode).toBe(503);
  expect(errors).toHaveBeenCalledTimes(2);
  jest.restoreAllMocks();
});
