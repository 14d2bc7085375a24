import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { firstUlidOf, newClickIdentity, ULID, ulidOf, ulidTime } from '../../../lambdas/clicks/identity.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** The times of a ULID: 48 bits of milliseconds. */
const epochMs = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const tenBytes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => Buffer.from(bytes));

/** The number that a ULID stands for, by the specification's alphabet. */
const numberOf = (id: string) =>
  [...id].reduce(
    (value, digit) => value * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit)),
    0n,
  );

describe('a ULID', () => {
  test('is the example of the specification for its time', () => {
    expect(ulidOf(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41');
    expect(ulidOf(2 ** 48 - 1, Buffer.alloc(10, 255))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  });

  test('is 48 bits of time and 80 random bits, in 26 characters of the alphabet', () => {
    fc.assert(
      fc.property(epochMs, tenBytes, (time, bytes) => {
        const id = ulidOf(time, bytes);
        expect(id).toMatch(ULID);
        expect(numberOf(id)).toBe((BigInt(time) << 80n) | BigInt(`0x${bytes.toString('hex')}`));
        expect(ulidTime(id)).toBe(time);
      }),
    );
  });

  test('sorts by its time', () => {
    fc.assert(
      fc.property(epochMs, epochMs, (one, other) => {
        fc.pre(one < other);
        expect(ulidOf(one) < ulidOf(other)).toBe(true);
      }),
    );
  });

  test('is not before the first one of its millisecond, and before the first one of the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 2 }), tenBytes, (time, bytes) => {
        const id = ulidOf(time, bytes);
        expect(firstUlidOf(time) <= id).toBe(true);
        expect(id < firstUlidOf(time + 1)).toBe(true);
      }),
    );
  });

  test.each(['', '01ARYZ6S41TSV4RRFFQ69G5FA', '81ARYZ6S41TSV4RRFFQ69G5FAV', '01ARYZ6S41TSV4RRFFQ69G5FAI'])(
    '%j is none',
    (text) => {
      expect(text).not.toMatch(ULID);
    },
  );

  test('is random apart from its time', () => {
    const ids = Array.from({ length: 1_000 }, () => ulidOf(0).slice(10));
    expect(new Set(ids).size).toBe(1_000);
    // Every one of the 16 digits takes many values.
    for (let digit = 0; digit < 16; digit++)
      expect(new Set(ids.map((id) => id[digit])).size).toBeGreaterThan(24);
  });
});

describe('the time of a click', () => {
  const wall = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2100, 0) });
  const timer = fc.double({ min: 0, max: 10 * 365 * 86_400_000, noNaN: true });

  test('has microseconds within the clock’s millisecond, however clock and timer jump or stand still', () => {
    const clock = jest.spyOn(Date, 'now');
    const elapsed = jest.spyOn(performance, 'now');
    const steps = fc.array(fc.tuple(wall, timer), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(steps, (readings) => {
        for (const [wallMs, timerMs] of readings) {
          clock.mockReturnValue(wallMs);
          elapsed.mockReturnValue(timerMs);
          const { id, timestamp } = newClickIdentity();
          const expected = new Date(wallMs).toISOString().replace('Z', '');
          expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
          expect(timestamp.slice(0, -4)).toBe(expected);
          expect(ulidTime(id)).toBe(wallMs);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('counts the parts of a millisecond with the timer', () => {
    const clock = jest.spyOn(Date, 'now');
    const elapsed = jest.spyOn(performance, 'now');
    // Later than any time before, as after a start.
    const start = Date.UTC(2150, 0, 15, 10, 30);
    const micros = (wallMs: number, timerMs: number) => {
      clock.mockReturnValue(start + wallMs);
      elapsed.mockReturnValue(timerMs);
      return Number(newClickIdentity().timestamp.slice(-4, -1));
    };
    micros(0, 5_000);
    expect(micros(1, 5_001)).toBeLessThanOrEqual(1);
    expect(micros(1, 5_001.25)).toBeCloseTo(250, -1);
    expect(micros(1, 5_001.75)).toBeCloseTo(750, -1);
    // The process was frozen for a minute, while the timer stood still.
    expect(micros(60_001, 5_001.8)).toBe(0);
    expect(micros(60_001, 5_002.1)).toBeCloseTo(300, -1);
    // The clock was set back.
    expect(micros(-60_000, 5_002.2)).toBe(999);
  });

  test('never goes back while the clock does not', () => {
    const stamps = Array.from({ length: 2_000 }, () => newClickIdentity().timestamp);
    expect(stamps).toEqual([...stamps].sort());
  });

  test('two clicks in one second differ', () => {
    const [one, other] = [newClickIdentity(), newClickIdentity()];
    expect(one.id).not.toBe(other.id);
  });
});
