import { describe, expect, jest, test } from '@jest/globals';
import { CALLS_PER_MINUTE, countCall } from '../../../lambdas/api/authentication.ts';
import { table as client } from '../../../lambdas/table.ts';
import { list } from '../../../lambdas/workspaces/handlers.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';

const START = Date.UTC(2025, 0, 15);

describe('a key', () => {
  test('may make its calls of a minute, and as many in the next', () => {
    for (let number = 0; number < CALLS_PER_MINUTE; number++) countCall('one', START + number);
    expect(() => countCall('one', START + 30_000)).toThrow(
      /601 calls in one minute. The limit is 600. Try again in 30 s./,
    );
    expect(() => countCall('one', START + 59_999)).toThrow();
    expect(() => countCall('one', START + 60_000)).not.toThrow();
  });

  test('does not use up the calls of another', () => {
    for (let number = 0; number < CALLS_PER_MINUTE; number++) countCall('two', START);
    expect(() => countCall('two', START)).toThrow();
    expect(() => countCall('three', START)).not.toThrow();
  });

  test('among many may be forgotten, so that memory stays bounded', () => {
    for (let number = 0; number <= CALLS_PER_MINUTE; number++) {
      try {
        countCall('early', START);
      } catch {}
    }
    for (let number = 0; number < 10_000; number++) countCall(`key ${number}`, START);
    expect(() => countCall('early', START)).not.toThrow();
  });
});

describe('the API', () => {
  engineTable();
  test('responds 429 in the format that existing clients read, and reads nothing for the call', async () => {
    for (let number = 0; number < CALLS_PER_MINUTE; number++) await call(list);
    const send = jest.spyOn(client, 'send');
    const { status, headers, body } = await call(list);
    expect({ status, body }).toEqual({
      status: 429,
      body: {
        error: 'rate_limit_exceeded',
        code: 'rate_limit_exceeded',
        message: expect.stringContaining('Try again in'),
        current_usage: 601,
        limit: 600,
      },
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(send).not.toHaveBeenCalled();
    expect((await call(list, { key: OTHER_KEY })).status).toBe(200);
  });
});
