import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { z } from 'zod';
import { MAX_RETENTION_DAYS } from '../lambdas/clicks/log-entry.ts';

/** A context option is wrong. The message says what to change. */
export class SettingsError extends Error {}

// Values are text from `-c NAME=VALUE`, or JSON from cdk.json. Each schema's message completes a sentence that begins
// with "The context option x must be".

function wholeNumber(min: number, max: number) {
  const must = `a whole number from ${min} to ${max}`;
  const digits = z
    .string(must)
    .regex(/^\d{1,9}$/, must)
    .transform(Number);
  return z.union([z.number(must), digits], must).pipe(z.int(must).min(min, must).max(max, must));
}

function yesOrNo() {
  const must = 'true or false';
  const word = z.enum(['true', 'false'], must).transform((value) => value === 'true');
  return z.union([z.boolean(must), word], must);
}

const text = (must: string, form: RegExp) => z.string(must).regex(form, must);

/** The periods after which CloudWatch can forget log lines, in days. */
const RETENTIONS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

const retentionDays = z
  .custom<RetentionDays>(
    (value) => RETENTIONS.some((days) => String(days) === String(value)),
    `a number of days that CloudWatch Logs supports: ${RETENTIONS.join(', ')}`,
  )
  .transform((value) => Number(value) as RetentionDays);

/** Scheme and host, with nothing after them except a slash. */
function isOrigin(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
}

const origin = z
  .string('an address without a path, such as https://links.example.com')
  .refine(isOrigin, 'an address without a path, such as https://links.example.com')
  .transform((value) => new URL(value).origin);

const HOST_NAME = '(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])';
const HOST = new RegExp(`^${HOST_NAME}$`);

/** Host names, as a list or as text with commas between them. */
function hostNames() {
  const must = 'lower-case host names with commas between them, such as go.example.com,to.example.com';
  const list = z.string(must).transform((names) => names.split(/\s*,\s*/));
  return z.union([z.array(z.string(must), must), list], must).pipe(z.array(text(must, HOST)));
}

const headerSecret = text(
  'at least 16 characters long and contain no spaces (openssl rand -hex 32 creates one)',
  /^[!-~]{16,512}$/,
);

/** Every context option. docs/deploy.md has a table of them. */
const schema = z.object({
  /** The name of the default host. The stack creates what AWS needs for it. */
  domain: text('a lower-case host name, such as links.example.com', HOST).exactOptional(),
  /** The certificate for `domain`, in the stack's region or, with `cloudFront`, in us-east-1. */
  certificateArn: text(
    'the ARN of a certificate in ACM, such as arn:aws:acm:eu-west-1:111122223333:certificate/…',
    /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
  ).exactOptional(),
  /** The origin of the default host, if something outside of this stack directs it here. */
  baseUrl: origin.exactOptional(),
  /** Whether a CloudFront distribution is in front of the API. */
  cloudFront: yesOrNo().default(false),
  /** Additional names of the distribution. Each is a custom domain that a workspace adds. */
  customDomains: hostNames().default([]),
  /** The secret that proves that a request came through the CDN. Without it, no request counts as one of the CDN. */
  edgeSecret: headerSecret.exactOptional(),
  /** A second valid secret, used while one replaces the other. */
  otherEdgeSecret: headerSecret.exactOptional(),
  /** Whether requests that bypass the CDN are rejected. Default: yes if there is a CloudFront distribution. */
  edgeOnly: yesOrNo().exactOptional(),
  // The lowest default quotas of an account: 2,500 and 1,250 in thirteen regions (API Gateway's quotas, per region). A
  // stage with higher limits cannot be deployed. The values must be at least the limits of management routes in
  // lib/http-api.ts.
  /** Requests per second for short links. The account's own quota may be lower. */
  clickRateLimit: wholeNumber(100, 1_000_000).default(2_500),
  /** The burst of requests to short links, beyond the rate. */
  clickBurstLimit: wholeNumber(100, 1_000_000).default(1_250),
  /** Batches in flight at once. This limits how much of the account's concurrency deliveries use. */
  deliverConcurrency: wholeNumber(2, 1_000).default(5),
  /**
   * Lambda concurrency that is reserved for the redirect. Without it, the redirect shares the account's concurrency.
   */
  redirectConcurrency: wholeNumber(1, 100_000).exactOptional(),
  logRetentionDays: retentionDays.default(30),
  /** The e-mail address that alarms are sent to. */
  alarmEmail: text('an e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/).exactOptional(),
  /** An existing main table to use instead of a new one. This puts a restored table into use. */
  tableName: text('the name of a DynamoDB table', /^[\w.-]{3,255}$/).exactOptional(),
  /**
   * The stream of that table, with old images. Without it, clicks of purged links stay until the end of their retention.
   */
  tableStreamArn: text(
    'the ARN of the stream of a DynamoDB table, such as arn:aws:dynamodb:eu-west-1:111122223333:table/Main/stream/…',
    /^arn:aws[\w-]*:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
  ).exactOptional(),
  /** An existing clicks table to use instead of a new one. */
  clicksTableName: text('the name of a DynamoDB table', /^[\w.-]{3,255}$/).exactOptional(),
  /** For how many days the log keeps a click. It applies to new clicks. */
  clickRetentionDays: wholeNumber(1, MAX_RETENTION_DAYS).default(400),
  /** Whether the tables are protected from deletion, and kept when the stack is deleted. */
  deletionProtection: yesOrNo().default(true),
  /** The AWS client in the redirect's bundle: our own, or the AWS SDK. */
  redirectSdk: z.enum(['lean', 'full'], 'lean or full').default('lean'),
  /** Whether AWS X-Ray traces the functions. */
  tracing: yesOrNo().default(false),
  /** Whether the gateway logs each request. */
  accessLog: yesOrNo().default(false),
});

type Options = z.output<typeof schema>;

/** The settings of a deployment, from the context. */
export type Settings = Omit<Options, 'edgeOnly'> & { edgeOnly: boolean };

/** The names of all options. */
export const OPTIONS = Object.keys(schema.shape) as (keyof Settings)[];

/** Combinations that cannot work, each with a sentence that says what to change. */
const CONFLICTS: [when: (settings: Settings) => unknown, sentence: string][] = [
  [
    ({ domain, certificateArn }) => domain && !certificateArn,
    'The context option domain needs certificateArn, the ARN of a certificate for it. See docs/deploy.md.',
  ],
  [
    ({ domain, certificateArn }) => certificateArn && !domain,
    'The context option certificateArn needs domain, the host name of the certificate.',
  ],
  [
    ({ domain, baseUrl }) => domain && baseUrl,
    'The context options domain and baseUrl exclude each other. With domain, the base URL is https:// and the domain.',
  ],
  [
    ({ cloudFront, baseUrl }) => cloudFront && baseUrl,
    'The context options cloudFront and baseUrl exclude each other. Set the default host with domain and certificateArn instead.',
  ],
  [
    ({ cloudFront, edgeSecret }) => cloudFront && !edgeSecret,
    'The context option cloudFront needs edgeSecret, at least 16 characters that only CloudFront and the stack know (openssl rand -hex 32 creates them).',
  ],
  [
    ({ cloudFront, certificateArn }) =>
      cloudFront && certificateArn && !certificateArn.includes(':acm:us-east-1:'),
    'The context option certificateArn must name a certificate in us-east-1 when cloudFront is true, because CloudFront accepts no other region.',
  ],
  [
    ({ customDomains, cloudFront, domain }) => customDomains.length > 0 && !(cloudFront && domain),
    'The context option customDomains needs cloudFront and domain. Without CloudFront, add each domain as described in docs/domains.md.',
  ],
  [
    ({ tableStreamArn, tableName }) => tableStreamArn && !tableName,
    'The context option tableStreamArn needs tableName, the table that the stream belongs to.',
  ],
  [
    ({ edgeOnly, edgeSecret }) => edgeOnly && !edgeSecret,
    'The context option edgeOnly needs edgeSecret, because without it all requests would be rejected.',
  ],
  [
    ({ otherEdgeSecret, edgeSecret }) => otherEdgeSecret && !edgeSecret,
    'The context option otherEdgeSecret needs edgeSecret, the secret that CloudFront sends.',
  ],
];

/** How many letters must be inserted, removed or changed to turn one word into another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_cell, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Names with these parts belong to the CDK and its plugins. */
const FOREIGN = /[:/@]/;

/**
 * The option that a name in the context probably stands for: it differs in letter case or separators, or by one letter
 * (two in longer names). The context may contain names of other tools, so a name that is similar to none of ours is
 * ignored.
 * @returns undefined for a correct option, and for a name that is similar to none
 */
function likelyMeant<Name extends string>(name: string, options: readonly Name[]): Name | undefined {
  if (FOREIGN.test(name) || options.some((option) => option === name)) return undefined;
  return options.find((option) => distance(bare(name), bare(option)) <= (option.length < 8 ? 1 : 2));
}

function readOptions(context: Record<string, unknown>): Options {
  const given = OPTIONS.filter((name) => context[name] !== undefined).map((name) => [name, context[name]]);
  const { data, error } = schema.safeParse(Object.fromEntries(given));
  if (data) return data;
  const [issue] = error.issues;
  const name = String(issue?.path[0]);
  const value = name.toLowerCase().includes('secret') ? '' : `, not ${JSON.stringify(context[name])}`;
  throw new SettingsError(`The context option ${name} must be ${issue?.message}${value}.`);
}

/**
 * Reads the options from the context.
 * @throws SettingsError that names the option and what it must be, or the option that was probably meant
 */
export function readSettings(node: Node): Settings {
  const context: Record<string, unknown> = node.getAllContext();
  for (const name of Object.keys(context)) {
    const meant = likelyMeant(name, OPTIONS);
    if (meant) throw new SettingsError(`The context option ${name} does not exist. Did you mean ${meant}?`);
  }
  const options = readOptions(context);
  const settings = { ...options, edgeOnly: options.edgeOnly ?? options.cloudFront };
  const conflict = CONFLICTS.find(([when]) => when(settings))?.[1];
  if (conflict) throw new SettingsError(conflict);
  return settings;
}
