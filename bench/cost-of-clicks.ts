import prices from './prices.json' with { type: 'json' };

/** The resources that a million clicks use, counted and measured. */
export type Usage = {
  /** Requests of clicks at the gateway. Each invokes the redirect. */
  clicks: number;
  deliverInvocations: number;
  redirectGbSeconds: number;
  deliverGbSeconds: number;
  sqsRequests: number;
  readUnits: number;
  writeUnits: number;
  logBytes: number;
  traces: number;
};

/** What deliver has to do for a click: webhooks, and the clicks and the links of a batch. */
export type Case = { hooks: number; records: number; links?: number };

/** The cases that are measured. The goal is about the first. */
export const CASES: Case[] = [
  { hooks: 1, records: 10 },
  { hooks: 0, records: 10 },
  { hooks: 5, records: 10 },
  { hooks: 1, records: 10, links: 10 },
  { hooks: 0, records: 1 },
  { hooks: 1, records: 1 },
  { hooks: 5, records: 1 },
];

/** The name of the figure that has a case's price. */
export function caseName({ hooks, records, links = 1 }: Case): string {
  const webhooks = hooks === 1 ? '1 webhook' : `${hooks} webhooks`;
  return `A million clicks, ${webhooks}, batches of ${records}${links > 1 ? `, ${links} links` : ''}`;
}

/** Options that add to the price of a million clicks, by the name of their figure. */
export const OPTION_NAMES = {
  tracing: '… with `-c tracing=true`, at 100 clicks/s',
  accessLog: '… with `-c accessLog=true`',
} as const;

/** The name of the figure that has a service's part of the first case's price. */
export const serviceName = (service: string) => `… of which ${service}`;

const MILLION = 1_000_000;
const GB = 1_000_000_000;

/** Dollars by service, at AWS's list prices without free tiers (prices.json). */
export function costOf(usage: Usage): Record<string, number> {
  const invocations = usage.clicks + usage.deliverInvocations;
  const gbSeconds = usage.redirectGbSeconds + usage.deliverGbSeconds;
  return {
    'API Gateway': (usage.clicks / MILLION) * prices.httpApiPerMillionRequests,
    Lambda:
      (invocations / MILLION) * prices.lambdaPerMillionRequests + gbSeconds * prices.lambdaArm64PerGbSecond,
    SQS: (usage.sqsRequests / MILLION) * prices.sqsPerMillionRequests,
    DynamoDB:
      (usage.readUnits / MILLION) * prices.dynamoDbPerMillionReadUnits +
      (usage.writeUnits / MILLION) * prices.dynamoDbPerMillionWriteUnits,
    'CloudWatch Logs': (usage.logBytes / GB) * prices.logsPerGbIngested,
    'X-Ray': (usage.traces / MILLION) * prices.xrayPerMillionTraces,
  };
}

/** The total in dollars. */
export const totalOf = (cost: Record<string, number>) =>
  Object.values(cost).reduce((sum, dollars) => sum + dollars, 0);
