// The tables of docs/performance.md and bench/README.md, from the committed reports.
import type { Figure } from './figure.ts';
import { CURVES, type Curve, firstPoint, pointName } from './growth-curves.ts';
import { figuresTable, type Group, type Report } from './report.ts';
import { finder, table } from './tables.ts';

/** The groups whose reports are committed: all except the duration of `npm test`. */
export type ReportedGroup = Exclude<Group, 'tests'>;
export type Reports = Record<ReportedGroup, Report>;

type Row = [what: string, group: ReportedGroup, figure: string, unit?: string];

/** What is shown to users, by the name of its place in docs/performance.md. */
const TABLES: Record<string, Row[]> = {
  redirects: [
    [
      'Time that Clickhook adds to a click in a warm function, median',
      'warm',
      'Warm redirect above the delays of table and queue, p50, compared with the bare requests',
      'ms',
    ],
    [
      'The same, for the slowest click in a hundred',
      'warm',
      'Warm redirect above the delays of table and queue, p99, compared with the bare requests',
      'ms',
    ],
    [
      'The same over TLS, median',
      'warm',
      'Warm redirect over TLS above the delays of table and queue, p50, compared with the bare requests',
      'ms',
    ],
    [
      'Cold start, from the start of the process to the first answer',
      'cold',
      'Cold start of the redirect, from spawn to its first answer, compared with an empty handler',
      'ms',
    ],
    [
      'The same over TLS',
      'cold',
      'Cold start of the redirect over TLS, from spawn to its first answer, compared with an empty handler',
      'ms',
    ],
    [
      "The same under AWS's own runtime client for Lambda",
      'runtime',
      "Cold start of the redirect under AWS's runtime client, from spawn to its first answer, compared with an empty handler",
      'ms',
    ],
    ['DynamoDB requests for each click', 'warm', 'DynamoDB requests of a click'],
    ['SQS requests for each click', 'warm', 'SQS requests of a click'],
    [
      'CPU time for each click',
      'warm',
      'CPU of a click in the redirect, compared with the bare requests',
      'ms',
    ],
    ['Log of each click in the redirect', 'warm', 'Log of a click in the redirect', 'bytes'],
  ],
  deliveries: [
    [
      'A batch of 10 clicks with 10 webhooks each, one of which hangs, in a cold function',
      'deliver',
      'Deliver, cold: 10 clicks × 10 webhooks, one webhook hanging',
      's',
    ],
    [
      'The last delivery to a webhook that answers, from the start of that batch',
      'deliver',
      'The last delivery to a webhook that answers, from the start of the same invocation',
      'ms',
    ],
    [
      'A batch of 10 clicks with 25 webhooks each, which answer immediately',
      'deliver',
      'Deliver: an invocation of 10 clicks × 25 webhooks that answer at once, compared with the bare loop with new sockets',
      'ms',
    ],
    [
      'Deliveries per second of CPU time, in batches of 10 clicks with 25 webhooks each',
      'deliver',
      'Deliver: deliveries per CPU second, 10 clicks × 25 webhooks, compared with the same loop with new sockets for each batch',
    ],
  ],
  reports: [
    ...['10,000', '100,000', '1,000,000'].flatMap((clicks): Row[] =>
      ['without', 'with'].flatMap((how): Row[] => {
        const name = `Report of ${clicks} clicks in 30 days, ${how} summaries`;
        return [
          [name, 'reports', name, 's'],
          [`… its price`, 'reports', `${name}: price`, 'USD'],
        ];
      }),
    ),
    ['Writes of the log for a million clicks', 'reports', 'The log: writes of a million clicks', 'USD'],
  ],
  'local stack': [
    ['First `npm start` until it is ready (3 runs)', 'local', 'First `npm start` to ready (3 runs)', 's'],
    ['Later `npm start` until it is ready', 'local', 'Later `npm start` to ready', 's'],
    [
      'Clicks per second at 64 connections, each recorded and delivered',
      'local',
      'Local stack: clicks per second at 64 connections, each recorded and delivered',
    ],
    ['The slowest click in a hundred of these (p99)', 'local', 'Local stack: p99 of such a click', 'ms'],
    ['Clicks without a redirect', 'local', 'Local stack: clicks without a redirect'],
  ],
};

const GROWTH: [grows: string, effect: string, curve: Curve][] = [
  ['links in the table', 'read of a redirect', CURVES.linksRead],
  ['links in the table', 'CPU time of a click', CURVES.linksCpu],
  ['links in the table', 'memory of the redirect', CURVES.linksMemory],
  ['rules of a link', 'CPU time of a click', CURVES.rulesCpu],
  ['webhooks of each click, in batches of 10 clicks', 'CPU time of a batch', CURVES.deliverCpu],
  ['webhooks of each click, in batches of 10 clicks', 'memory of deliver', CURVES.deliverMemory],
];

const rows = (reports: Reports, wanted: Row[]) =>
  wanted.map(([what, group, name, unit = '']) => {
    const value = finder(reports[group].figures, group)(name);
    return [what, `${value} ${unit}`.trim()];
  });

/** The values of a curve, one for each of its counts. @throws Error when one was not measured */
export function valuesOf(curve: Curve, figures: Figure[]): number[] {
  const figureOf = finder(figures, 'growth');
  return curve.counts.map((count, index) => {
    const name = pointName(curve, count);
    return figureOf(index === 0 ? name : `${name}, compared with ${firstPoint(curve)}`);
  });
}

function growthTable({ figures }: Report): string {
  const lines = GROWTH.map(([grows, effect, curve]) => {
    const values = valuesOf(curve, figures);
    const change = `${effect}: ${values[0]} → ${values.at(-1)} ${curve.unit}`;
    return [grows, ...[0, -1].map((at) => curve.counts.at(at)?.toLocaleString('en') ?? ''), change];
  });
  return table(['what grows', 'from', 'to', 'effect'], lines);
}

/** The tables of docs/performance.md, by the name of their place in the page. */
export function performanceTables(reports: Reports): Record<string, string> {
  const tables = Object.entries(TABLES).map(([name, wanted]): [string, string] => [
    name,
    table(['what', 'figure'], rows(reports, wanted)),
  ]);
  return { ...Object.fromEntries(tables), growth: growthTable(reports.growth) };
}

const TITLES: Record<ReportedGroup, string> = {
  cold: 'Cold starts',
  runtime: "Cold starts under AWS's runtime client",
  warm: 'Warm redirects',
  deliver: 'Deliveries',
  reports: 'Reports of clicks',
  local: 'The local stack',
  cost: 'A million clicks',
  growth: 'Growth',
};

const measured = ({ commit, date, machine }: Report) => `Commit ${commit.slice(0, 7)}, ${date}; ${machine}.`;

/** All figures, a table for each group, for bench/README.md. */
export function allFigures(reports: Reports): string {
  return Object.entries(TITLES)
    .map(([group, title]) => {
      const report = reports[group as ReportedGroup];
      return `### ${title}: \`--only ${group}\`\n\n${measured(report)}\n\n${figuresTable(report.figures)}`;
    })
    .join('\n\n');
}
