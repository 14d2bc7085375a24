/** Names of the environment variables that the infrastructure sets and the functions read. */
export const ENV = {
  tableName: 'CLICKHOOK_TABLE_NAME',
  claimsTableName: 'CLICKHOOK_CLAIMS_TABLE_NAME',
  clicksQueueUrl: 'CLICKHOOK_CLICKS_QUEUE_URL',
  /** Origin under which links of the default host are served, without a trailing slash. */
  baseUrl: 'CLICKHOOK_BASE_URL',
  /** What the CDN in front proves itself with; without it no CDN header is believed. */
  edgeSecret: 'CLICKHOOK_EDGE_SECRET',
  /** A second secret that is as good, while one takes the place of the other. */
  otherEdgeSecret: 'CLICKHOOK_OTHER_EDGE_SECRET',
  /** Set to `1` when requests that come past the CDN are refused. */
  edgeOnly: 'CLICKHOOK_EDGE_ONLY',
  /** Origin of the API's own host, which differs from the base URL's when a domain leads here. */
  apiEndpoint: 'CLICKHOOK_API_ENDPOINT',
  /** Set to `1` by the local stack only; the CDK stack has no way to set it (egress rules). */
  allowLoopback: 'CLICKHOOK_ALLOW_LOOPBACK',
  /** Comma-separated DNS servers for webhook names; set by the local stack only. */
  dnsServers: 'CLICKHOOK_DNS_SERVERS',
  /** Folder of the function's bundle; set by Lambda itself, and by the local stack in its place. */
  taskRoot: 'LAMBDA_TASK_ROOT',
} as const;

/** A variable is missing that the stack sets: only a new deployment can fix that. */
export class SettingMissing extends Error {}

/**
 * The value of a variable that a function can't work without.
 * @throws SettingMissing that names the variable, when it is missing or empty
 */
export function requiredEnv(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new SettingMissing(
      `The environment variable ${name} is not set: deploy the function with the CDK stack`,
    );
  }
  return value;
}

/** Hosts of the stack itself, out of its configuration: that of the base URL, and the API's own. */
export function ownHosts(): string[] {
  const origins = [process.env[ENV.baseUrl], process.env[ENV.apiEndpoint]];
  return origins.flatMap((origin) => (origin && URL.canParse(origin) ? [new URL(origin).hostname] : []));
}
