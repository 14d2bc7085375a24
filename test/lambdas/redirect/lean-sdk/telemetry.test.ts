import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Logger as LeanLogger } from '../../../../lambdas/redirect/lean-sdk/logger.ts';
import { Metrics as LeanMetrics } from '../../../../lambdas/redirect/lean-sdk/metrics.ts';
import { runs } from '../../../full-runs.ts';

/** What a function writes, by stream. */
function written(write: () => void): { stdout: string; stderr: string } {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      texts[name] += chunk;
      return true;
    }),
  );
  try {
    write();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return texts;
}

const steady = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
  [stdout, stderr].map((text) =>
    text.replace(/"timestamp":"[^"]*"/g, '"timestamp":""').replace(/"Timestamp":\d+/g, '"Timestamp":0'),
  );

const RESERVED = ['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id'];
/** Few names in half of the cases, so that keys meet others of the same name. */
const name = fc
  .oneof(fc.constantFrom('a', 'b', 'request_id'), fc.string({ minLength: 1, maxLength: 8 }))
  .filter((one) => !RESERVED.includes(one) && one !== '__proto__');
const keys = fc.dictionary(name, fc.oneof(fc.string(), fc.constant(undefined)), { maxKeys: 3 });
const error = fc
  .record({
    message: fc.string(),
    name: fc.string({ minLength: 1 }),
    code: fc.string(),
    status: fc.nat(),
    inner: fc.boolean(),
  })
  .map(({ message, inner, ...own }) => {
    const made = new Error(message, inner ? { cause: new TypeError('inner') } : {});
    return Object.assign(made, { name: own.name, code: own.code, $metadata: { httpStatusCode: own.status } });
  });
/** What a signal aborts with. It inherits constants, which are not part of the error. */
const domException = fc.string().map((message) => new DOMException(message, 'TimeoutError'));
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  error,
  domException,
  fc.dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxKeys: 3 }),
  fc.array(fc.integer(), { maxLength: 3 }),
);
const line = fc.record({
  level: fc.constantFrom('error', 'warn', 'info'),
  message: fc.string({ minLength: 1 }),
  keys: fc.array(keys, { minLength: 1, maxLength: 3 }),
  extra: fc.dictionary(name, value, { maxKeys: 4 }),
});

describe('a log line', () => {
  test.each(['', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'])(
    'is the library’s, to the byte, with the trace header %j',
    (trace) => {
      process.env._X_AMZN_TRACE_ID = trace;
      const property = fc.property(line, ({ level, message, keys, extra }) => {
        const lines = [
          new Logger({ serviceName: 'clickhook' }),
          new LeanLogger({ serviceName: 'clickhook' }),
        ].map((logger: any) =>
          steady(
            written(() => {
              for (const some of keys) logger.appendKeys({ request_id: 'r-1', ...some });
              logger[level](message, extra);
            }),
          ),
        );
        expect(lines[1]).toEqual(lines[0]);
      });
      fc.assert(property, { numRuns: runs(2_000, 300) });
      delete process.env._X_AMZN_TRACE_ID;
    },
  );
});

test('a count is the library’s line', () => {
  const counts = fc.record({
    name: fc.constantFrom('ClickLost', 'GeoUnavailable'),
    value: fc.nat(),
    dimensions: fc.dictionary(fc.constantFrom('reason', 'kind'), fc.stringMatching(/^\S+$/), { maxKeys: 2 }),
  });
  const property = fc.property(counts, (counted) => {
    const options = { namespace: 'Clickhook', serviceName: 'clickhook' };
    const lines = [new Metrics(options), new LeanMetrics(options)].map((metrics: any) =>
      steady(
        written(() => {
          const single = metrics.singleMetric();
          if (Object.keys(counted.dimensions).length > 0) single.clearDefaultDimensions();
          for (const [dimension, text] of Object.entries(counted.dimensions))
            single.addDimension(dimension, text);
          single.addMetric(counted.name, MetricUnit.Count, counted.value);
        }),
      ),
    );
    expect(lines[1]).toEqual(lines[0]);
  });
  fc.assert(property, { numRuns: runs(1_000, 200) });
});
