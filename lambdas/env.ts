/** The names of the environment variables that the infrastructure sets and the functions read. */
export const ENV = {
  tableName: 'CLICKHOOK_TABLE_NAME',
  clicksTableName: 'CLICKHOOK_CLICKS_TABLE_NAME',
  /** For how many days the log keeps a click. */
  clickRetentionDays: 'CLICKHOOK_CLICK_RETENTION_DAYS',
  clicksQueueUrl: 'CLICKHOOK_CLICKS_QUEUE_URL',
  /** The origin of links on the default host, without a trailing slash. */
  baseUrl: 'CLICKHOOK_BASE_URL',
  /** The secret that proves that a request came through the CDN. Without it, the CDN's headers are ignored. */
  edgeSecret: 'CLICKHOOK_EDGE_SECRET',
  /** A second valid secret, used while one replaces the other. */
  otherEdgeSecret: 'CLICKHOOK_OTHER_EDGE_SECRET',
  /** `1` when requests that bypass the CDN are rejected. */
  edgeOnly: 'CLICKHOOK_EDGE_ONLY',
  /** The origin of the API's own host. It differs from the base URL when a domain points here. */
  apiEndpoint: 'CLICKHOOK_API_ENDPOINT',
  /**
   * `1` lets deliveries reach this machine. Only the local stack sets it; the CDK stack has no way to (egress rules).
   */
  allowLoopback: 'CLICKHOOK_ALLOW_LOOPBACK',
  /** Comma-separated DNS servers for the names of webhooks. Only the local stack sets it. */
  dnsServers: 'CLICKHOOK_DNS_SERVERS',
  /** The folder of the function's bundle. Lambda sets it; locally, the local stack does. */
  taskRoot: 'LAMBDA_TASK_ROOT',
} as const;

/** A variable that the stack should set is missing. Only a new deployment can fix that. */
export class SettingMissing extends Error {}

/**
 * The value of a variable that a function requires.
 * @throws SettingMissing that names the variable, when it is missing or empty
 */
export function requiredEnv(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new SettingMissing(
      `The environment variable ${name} is not set. Deploy the function with the CDK stack.`,
    );
  }
  return value;
}

/** The hosts of the stack itself, from its configuration: that of the base URL and that of the API. */
export function ownHosts(): string[] {
  const origins = [process.env[ENV.baseUrl], process.env[ENV.apiEndpoint]];
  return origins.flatMap((origin) => (origin && URL.canParse(origin) ? [new URL(origin).hostname] : []));
}
