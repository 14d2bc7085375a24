import { describe, expect, test } from '@jest/globals';
import { costOf, totalOf } from '../../bench/cost-of-clicks.ts';
import { figure, median, percentile } from '../../bench/figure.ts';
import { markdown } from '../../bench/report.ts';

describe('a figure', () => {
  test('compares the measured value with its goal and shows it rounded', () => {
    const goal = { of: 'ratio', atMost: 3 } as const;
    const reference = { name: 'an empty handler', value: 10 };
    expect(figure({ name: 'Start', value: 30.00004, unit: 'ms', reference, goal })).toEqual({
      name: 'Start, compared with an empty handler',
      value: 30,
      unit: 'ms',
      reference: 10,
      ratio: 3,
      goal: '≤ 3 ×',
      met: false,
    });
  });

  test.each([
    [361, true],
    [360, true],
    [359, false],
  ])('of %d meets a goal of at least 360: %s', (value, met) => {
    const goal = { of: 'value', atLeast: 360 } as const;
    expect(figure({ name: 'Clicks', value, unit: 'clicks/s', goal })).toMatchObject({
      goal: '≥ 360',
      met,
      ratio: null,
    });
  });

  test.each([
    [{ of: 'difference', atMost: 0.6 }, 1.5, true, '≤ reference + 0.6'],
    [{ of: 'difference', atMost: 0.4 }, 1.5, false, '≤ reference + 0.4'],
    [{ of: 'difference', atMost: -50 }, -49, true, '≤ reference − 50'],
    [{ of: 'difference', atMost: -51 }, -49, false, '≤ reference − 51'],
  ] as const)(
    'with the goal %j and a value of %d is compared with the reference: %s',
    (goal, value, met, text) => {
      const reference = { name: 'the bare requests', value: 1 };
      expect(figure({ name: 'Click', value, unit: 'ms', reference, goal })).toMatchObject({
        goal: text,
        met,
      });
    },
  );

  test.each(['ratio', 'difference'] as const)('with a goal for its %s needs a reference', (of) => {
    const goal = { of, atMost: 3 };
    expect(() => figure({ name: 'Start', value: 1, unit: 'ms', goal })).toThrow(/needs a reference/);
  });
});

test('medians and percentiles compare numbers, not their text', () => {
  expect(median([9, 10, 100])).toBe(10);
  expect(percentile([5, 1, 3, 2, 4], 0.99)).toBe(5);
  expect(() => median([])).toThrow(/An empty list has no median/);
});

test('a report marks a goal that is missed', () => {
  const figures = [figure({ name: 'Start', value: 9, unit: 's', goal: { of: 'value', atMost: 8 } })];
  expect(markdown({ commit: 'c', machine: 'm', date: 'd', figures })).toContain(
    '| Start | 9 s |  |  | ≤ 8 | **no** |',
  );
});

test('the cost of clicks is their usage at the listed prices', () => {
  const usage = {
    clicks: 1_000_000,
    deliverInvocations: 100_000,
    redirectGbSeconds: 10_000,
    deliverGbSeconds: 0,
    sqsRequests: 1_200_000,
    readUnits: 500_000,
    writeUnits: 1_000_000,
    logBytes: 1_000_000_000,
    traces: 100_000,
  };
  const cost = costOf(usage);
  expect(cost).toMatchObject({ 'API Gateway': 1, 'CloudWatch Logs': 0.5, 'X-Ray': 0.5 });
  expect(cost.Lambda).toBeCloseTo(0.22 + 0.133334, 6);
  expect(cost.SQS).toBeCloseTo(0.48, 6);
  expect(cost.DynamoDB).toBeCloseTo(0.0625 + 0.625, 6);
  expect(totalOf(cost)).toBeCloseTo(3.520834, 5);
});
