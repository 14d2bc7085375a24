// Stands for @aws-lambda-powertools/metrics in the redirect's bundle. It writes the same lines, in CloudWatch's embedded
// metric format: test/lambdas/redirect/lean-sdk/telemetry.test.ts holds both to each other.

export const MetricUnit = { Count: 'Count' } as const;

/** One line with one metric. */
class SingleMetric {
  private dimensions: Record<string, string>;
  private readonly namespace: string;

  constructor(namespace: string, dimensions: Record<string, string>) {
    this.namespace = namespace;
    this.dimensions = dimensions;
  }

  clearDefaultDimensions(): void {
    this.dimensions = {};
  }

  addDimension(name: string, value: string): void {
    this.dimensions[name] = value;
  }

  addMetric(name: string, unit: string, value: number): void {
    const metric = {
      Namespace: this.namespace,
      Dimensions: [Object.keys(this.dimensions)],
      Metrics: [{ Name: name, Unit: unit }],
    };
    const line = {
      _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metric] },
      ...this.dimensions,
      [name]: value,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

/** Writes counts of this function instance. */
export class Metrics {
  private readonly options: { namespace: string; serviceName: string };

  constructor(options: { namespace: string; serviceName: string }) {
    this.options = options;
  }

  /** Nothing is kept here, so that nothing can be empty. */
  setThrowOnEmptyMetrics(_throws: boolean): void {}

  singleMetric(): SingleMetric {
    return new SingleMetric(this.options.namespace, { service: this.options.serviceName });
  }
}
