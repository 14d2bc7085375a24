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
