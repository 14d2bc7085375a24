import { CASES, type Case, caseName, costOf, OPTION_NAMES, serviceName } from './cost-of-clicks.ts';
import type { Figure } from './figure.ts';
import prices from './prices.json' with { type: 'json' };
import { finder, table } from './tables.ts';

const NOTHING = {
  clicks: 0,
  deliverInvocations: 0,
  redirectGbSeconds: 0,
  deliverGbSeconds: 0,
  sqsRequests: 0,
  readUnits: 0,
  writeUnits: 0,
  logBytes: 0,
  traces: 0,
};

const dollars = (value: number) => value.toFixed(2);
const WORDS: Record<number, string> = { 0: 'none', 1: 'one', 5: 'five' };

/** What a million clicks cost, by webhooks and by clicks of a batch. */
function clicksTable(priceOf: (name: string) => number): string {
  const price = (of: Case) => dollars(priceOf(caseName(of)));
  const rows = Object.entries(WORDS).map(([hooks, word]) => [
    word,
    price({ hooks: Number(hooks), records: 10 }),
    Number(hooks) === 1 ? price({ hooks: 1, records: 10, links: 10 }) : '',
    price({ hooks: Number(hooks), records: 1 }),
  ]);
  const header = [
    'webhooks',
    'batches of ten, of one link',
    'batches of ten, of ten links',
    'batches of one',
  ];
  return table(header, rows);
}

/** The parts of a price, the services with the largest first, and what options add to it. */
function partsTable(figures: Figure[], priceOf: (name: string) => number): string {
  const total = priceOf(caseName(CASES[0] as Case));
  const services = Object.keys(costOf(NOTHING)).filter((service) =>
    figures.some(({ name }) => name === serviceName(service)),
  );
  const parts = services.map((service): [string, number] => [service, priceOf(serviceName(service))]);
  const added = (name: string) => `+ ${dollars(priceOf(name) - total)}`;
  return table(
    ['part', 'USD'],
    [
      ...parts.toSorted(([, a], [, b]) => b - a).map(([service, value]) => [service, dollars(value)]),
      ['total', dollars(total)],
      ['with `-c tracing=true`, at 100 clicks/s', added(OPTION_NAMES.tracing)],
      ['with `-c accessLog=true`', added(OPTION_NAMES.accessLog)],
    ],
  );
}

/** The five pollers that Lambda starts for a queue each ask it every 20 s, for 30 days. */
const IDLE_POLLS = (5 * 30 * 24 * 60 * 60) / 20;

/** What a month without a click costs, at list prices and in an account that uses nothing else. */
function idleTable({ alarms, alarmMetrics }: Watched): string {
  const polls = costOf({ ...NOTHING, sqsRequests: IDLE_POLLS }).SQS ?? 0;
  const paidMetrics = Math.max(0, alarmMetrics - prices.freeAlarmMetrics);
  const items: [string, string, list: number, alone: number][] = [
    [
      'alarms',
      `${alarms}, which watch ${alarmMetrics} metrics, at ${dollars(prices.alarmMetricPerMonth)} per metric; ${prices.freeAlarmMetrics} metrics are free`,
      alarmMetrics * prices.alarmMetricPerMonth,
      paidMetrics * prices.alarmMetricPerMonth,
    ],
    [
      'encryption key of the alarm topic',
      `one, at ${dollars(prices.kmsKeyPerMonth)}; each of the first two yearly rotations adds as much`,
      prices.kmsKeyPerMonth,
      prices.kmsKeyPerMonth,
    ],
    [
      'dashboard',
      `one, at ${dollars(prices.dashboardPerMonth)}; ${prices.freeDashboards} dashboards of up to 50 metrics are free`,
      prices.dashboardPerMonth,
      0,
    ],
    [
      'queue',
      `Lambda polls it without clicks too, ${IDLE_POLLS.toLocaleString('en')} times; ${prices.freeSqsRequestsPerMonth.toLocaleString('en')} requests are free`,
      polls,
      0,
    ],
    ['functions, gateway, tables without data', 'by use', 0, 0],
  ];
  const sum = (of: (item: (typeof items)[number]) => number) =>
    dollars(items.reduce((total, item) => total + of(item), 0));
  return table(
    ['item', 'quantity and price', 'list price', 'in an account that uses nothing else'],
    [
      ...items.map(([name, quantity, list, alone]) => [name, quantity, dollars(list), dollars(alone)]),
      ['total', '', sum(([, , list]) => list), sum(([, , , alone]) => alone)],
    ],
  );
}

/** How many alarms the stack has, and how many metrics they watch. */
export type Watched = { alarms: number; alarmMetrics: number };

/** The tables of docs/deploy.md, by the name of their place in the page. */
export function costTables(figures: Figure[], watched: Watched): Record<string, string> {
  const priceOf = finder(figures, 'cost');
  return {
    'idle month': idleTable(watched),
    'million clicks': clicksTable(priceOf),
    parts: partsTable(figures, priceOf),
  };
}
