import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { type Count, count } from '../../lambdas/telemetry.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { ANSWER_FAILED, POST_FAILURE_REASONS } from '../../lib/monitoring/metrics.ts';
import { capturedOutput } from '../lambdas/captured-output.ts';
import { newApp } from './new-app.ts';

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);
const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Namespace, name and dimensions, as `Clickhook ClickLost service=clickhook`. */
const written = (namespace: string, name: string, dimensions: string[]) =>
  [namespace, name, ...dimensions].join(' ');

type MetricStat = { Namespace: string; MetricName: string; Dimensions?: { Name: string; Value: unknown }[] };

const metricsOfAlarm = ({ Metrics, ...single }: Record<string, never>): MetricStat[] =>
  Metrics
    ? (Metrics as { MetricStat?: { Metric: MetricStat } }[]).flatMap(
        ({ MetricStat }) => MetricStat?.Metric ?? [],
      )
    : [single as unknown as MetricStat];

/** The metrics of all graphs, with the references to resources as text. */
function metricsOfDashboard(): string[][] {
  const dashboards = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  expect(dashboards).toHaveLength(1);
  const parts: unknown[] = dashboards[0]?.Properties.DashboardBody['Fn::Join'][1];
  const body = parts.map((part) => (typeof part === 'string' ? part : 'RESOURCE')).join('');
  const { widgets } = JSON.parse(body) as { widgets: { properties: { metrics?: unknown[][] } }[] };
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => typeof namespace === 'string')
    .map((metric) => metric.filter((part): part is string => typeof part === 'string'));
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('counts that are watched', () => {
  const ofAlarms = alarms.flatMap(metricsOfAlarm).map(({ Namespace, MetricName, Dimensions = [] }) => {
    return written(
      Namespace,
      MetricName,
      Dimensions.map(({ Name, Value }) => `${Name}=${Value}`),
    );
  });
  const ofDashboard = metricsOfDashboard().map(([namespace = '', name = '', ...pairs]) => {
    const dimensions = pairs.flatMap((pair, at) => (at % 2 === 0 ? [`${pair}=${pairs[at + 1]}`] : []));
    return written(namespace, name, dimensions);
  });
  const own = (metrics: string[]) => [
    ...new Set(metrics.filter((metric) => metric.startsWith('Clickhook '))),
  ];
  const fromLog = `Clickhook ${ANSWER_FAILED}`;

  /** What the functions write for every name in the type `Count`, according to its source. */
  async function countedByFunctions(): Promise<string[]> {
    const source = await read('lambdas/telemetry.ts');
    const names = [...(/type Count =([^;]+);/.exec(source)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(10);
    const lines = capturedOutput();
    const log = jest.spyOn(console, 'log').mockImplementation((line) => process.stdout.write(line));
    for (const name of names as Count[]) {
      if (name === 'PostFailed') for (const reason of POST_FAILURE_REASONS) count(name, 1, { reason });
      else count(name);
    }
    log.mockRestore();
    type Directive = { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] };
    return lines().flatMap((line) => {
      const { _aws, ...values } = JSON.parse(line);
      return (_aws.CloudWatchMetrics as Directive[]).flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name }) =>
            written(
              Namespace,
              Name,
              names.map((name) => `${name}=${values[name]}`),
            ),
          ),
        ),
      );
    });
  }

  test('are counted by the functions under the same name and dimensions', async () => {
    const counted = [...(await countedByFunctions()), fromLog];
    expect(own(ofAlarms).length).toBeGreaterThanOrEqual(7);
    for (const metric of [...own(ofAlarms), ...own(ofDashboard)]) expect(counted).toContain(metric);
  });

  test('are on the dashboard if an alarm watches them', () => {
    for (const metric of own(ofAlarms)) expect(ofDashboard).toContain(metric);
  });

  test('of failed answers come from the log of every function of the API, and never from the redirect', () => {
    const filters = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(
      ({ Properties }) => Properties,
    );
    for (const { FilterPattern, MetricTransformations } of filters) {
      expect(FilterPattern).toBe(
        '{ ($.message = "A request failed") || (($.type = "platform.report") && ($.record.status != "success")) }',
      );
      expect(MetricTransformations).toEqual([
        expect.objectContaining({ MetricNamespace: 'Clickhook', MetricName: ANSWER_FAILED }),
      ]);
    }
    const watched = filters.map(({ LogGroupName }) => LogGroupName.Ref);
    expect(watched).toHaveLength(ENDPOINTS.length);
    const groups = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    expect(watched.sort()).toEqual(groups.filter((id) => !/^Click(Path|Erasure)/.test(id)).sort());
  });

  test('and everything else on the dashboard stay free of charge', () => {
    expect(new Set(ofDashboard).size).toBeLessThanOrEqual(50);
  });
});

describe('alarms', () => {
  test('notify the topic when they go off and when they end', () => {
    expect(alarms).toHaveLength(12);
    for (const { AlarmActions, OKActions, TreatMissingData } of alarms) {
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^MonitoringAlarmTopic/) }]);
      expect(OKActions).toEqual(AlarmActions);
      expect(TreatMissingData).toBe('notBreaching');
    }
  });

  test('are few, because each metric of an alarm costs, and docs/deploy.md says how many', async () => {
    const watched = alarms.flatMap(metricsOfAlarm).length;
    expect(watched).toBeLessThanOrEqual(20);
    expect(await read('docs/deploy.md')).toContain(`| ${alarms.length}, which watch ${watched} metrics,`);
  });

  test('each have a section in docs/operate.md, and every section has an alarm', async () => {
    const names = alarms.map(({ AlarmName }) => AlarmName.replace('Clickhook-', ''));
    const [, below = ''] = (await read('docs/operate.md')).split('\n## When an alarm rings\n');
    const [section = ''] = below.split('\n## ');
    expect([...section.matchAll(/^### (.+)$/gm)].map(([, name]) => name)).toEqual(names);
    for (const { AlarmDescription, AlarmName } of alarms) {
      expect(AlarmDescription).toContain(`docs/operate.md, ${AlarmName.replace('Clickhook-', '')}.`);
    }
    for (const entry of section.split('\n### ').slice(1)) {
      expect(entry).toMatch(/\*\*Means\.\*\*.+\*\*Check\.\*\*.+\*\*Fix\.\*\*/s);
    }
  });

  test('leave time before the queue deletes clicks', () => {
    const age = alarms.find(({ MetricName }) => MetricName === 'ApproximateAgeOfOldestMessage');
    expect(age?.Threshold + (age?.Period ?? 0) * age?.EvaluationPeriods).toBeLessThanOrEqual(3_600 / 3);
  });
});

describe('the topic of alarms', () => {
  test('is encrypted with a key that CloudWatch may use, and accepts no message without TLS', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ],
      },
    });
  });

  test('sends to an e-mail address when the context contains one', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    const other = Template.fromStack(
      new ClickhookStack(newApp({ alarmEmail: 'ops@example.com' }), 'Clickhook'),
    );
    other.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  });
});
