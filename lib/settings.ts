import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { z } from 'zod';

/** A context option is wrong: the sentence says what to change. */
export class SettingsError extends Error {}

// Values come as text from `-c NAME=VALUE`, as JSON from cdk.json.
// Each schema's message is the end of a sentence that begins with "The context option x must be".

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
    `a number of days that CloudWatch Logs takes: ${RETENTIONS.join(', ')}`,
  )
  .transform((value) => Number(value) as RetentionDays);

/** Scheme and host, nothing behind them but perhaps a slash. */
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

/** Host names, with commas between them or as a list. */
function hostNames() {
  const must = 'host names in small letters with commas between them, such as go.example.com,to.example.com';
  const list = z.string(must).transform((names) => names.split(/\s*,\s*/));
  return z.union([z.array(z.string(must), must), list], must).pipe(z.array(text(must, HOST)));
}

const headerSecret = text(
  'at least 16 characters long and have no space in it (openssl rand -hex 32 makes one)',
  /^[!-~]{16,512}$/,
);

/** Every context option. docs/deploy.md has the table of these for people. */
const schema = z.object({
  /** The default host's name, for which the stack makes what AWS needs. */
  domain: text('a host name in small letters, such as links.example.com', HOST).exactOptional(),
  /** Certificate for `domain`: of the stack's region, or with `cloudFront` of us-east-1. */
  certificateArn: text(
    'the ARN of a certificate in ACM, such as arn:aws:acm:eu-west-1:111122223333:certificate/…',
    /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
  ).exactOptional(),
  /** Origin of the default host, when something outside of this stack leads it here. */
  baseUrl: origin.exactOptional(),
  /** Whether a CloudFront distribution stands in front. */
  cloudFront: yesOrNo().default(false),
  /** Further names of the distribution, each a custom domain that a workspace adds. */
  customDomains: hostNames().default([]),
  /** What the CDN proves itself with; without it no CDN is believed. */
  edgeSecret: headerSecret.exactOptional(),
  /** A second secret that is believed, while one takes the place of the other. */
  otherEdgeSecret: headerSecret.exactOptional(),
  /** Whether requests that come past the CDN are refused: by default, when there is a CloudFront distribution. */
  edgeOnly: yesOrNo().exactOptional(),
  // The lowest default quotas of an account: 2,500 and 1,250 in thirteen regions (API Gateway's quotas, per region).
  // A stage can't be deployed with limits above them. At least what management routes may take: lib/http-api.ts.
  /** Requests per second that short links take; the account's own quota may be lower. */
  clickRateLimit: wholeNumber(100, 1_000_000).default(2_500),
  /** Requests to short links that are taken at once, beyond the rate. */
  clickBurstLimit: wholeNumber(100, 1_000_000).default(1_250),
  /** Batches in flight at once: bounds what deliveries take of the account's concurrency. */
  deliverConcurrency: wholeNumber(2, 1_000).default(5),
  /** Lambda concurrency that nobody but the redirect may use; without it, it shares the account's. */
  redirectConcurrency: wholeNumber(1, 100_000).exactOptional(),
  logRetentionDays: retentionDays.default(30),
  /** Who hears of alarms. */
  alarmEmail: text('an e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/).exactOptional(),
  /** Main table in place of one that the stack makes: how a restored one is put to use. */
  tableName: text('the name of a table in DynamoDB', /^[\w.-]{3,255}$/).exactOptional(),
  /** Whether the main table is kept from deletion, and left behind when the stack goes. */
  deletionProtection: yesOrNo().default(true),
  /** Whether AWS X-Ray traces the functions. */
  tracing: yesOrNo().default(false),
  /** Whether the gateway logs each request. */
  accessLog: yesOrNo().default(false),
});

type Options = z.output<typeof schema>;

/** What the context says about a deployment. */
export type Settings = Omit<Options, 'edgeOnly'> & { edgeOnly: boolean };

/** Names of all options. */
export const OPTIONS = Object.keys(schema.shape) as (keyof Settings)[];

/** Each a combination that can't work, and the sentence that says what to change. */
const CONFLICTS: [when: (settings: Settings) => unknown, sentence: string][] = [
  [
    ({ domain, certificateArn }) => domain && !certificateArn,
    'The context option domain needs certificateArn, the ARN of a certificate for it: see docs/deploy.md',
  ],
  [
    ({ domain, certificateArn }) => certificateArn && !domain,
    'The context option certificateArn needs domain, the host name that it is for',
  ],
  [
    ({ domain, baseUrl }) => domain && baseUrl,
    'The context options domain and baseUrl exclude each other: domain sets the base URL to https:// and itself',
  ],
  [
    ({ cloudFront, baseUrl }) => cloudFront && baseUrl,
    'The context options cloudFront and baseUrl exclude each other: name the default host by domain and certificateArn',
  ],
  [
    ({ cloudFront, edgeSecret }) => cloudFront && !edgeSecret,
    'The context option cloudFront needs edgeSecret, at least 16 characters that CloudFront and the stack alone know (openssl rand -hex 32 makes them)',
  ],
  [
    ({ cloudFront, certificateArn }) =>
      cloudFront && certificateArn && !certificateArn.includes(':acm:us-east-1:'),
    'The context option certificateArn must name a certificate in us-east-1 when cloudFront is true: CloudFront takes no other',
  ],
  [
    ({ customDomains, cloudFront, domain }) => customDomains.length > 0 && !(cloudFront && domain),
    'The context option customDomains needs cloudFront and domain: without CloudFront, each domain is added as docs/domains.md says',
  ],
  [
    ({ edgeOnly, edgeSecret }) => edgeOnly && !edgeSecret,
    'The context option edgeOnly needs edgeSecret: without it nobody could get in',
  ],
  [
    ({ otherEdgeSecret, edgeSecret }) => otherEdgeSecret && !edgeSecret,
    'The context option otherEdgeSecret needs edgeSecret, the one that is sent',
  ],
];

/** How many letters have to be put in, taken out or changed to make one word of another. */
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

/** Names with these are of the CDK and its plugins. */
const FOREIGN = /[:/@]/;

/**
 * The option that a name of the context likely stands for: it differs in letter case or separators, or by a letter
 * (two in longer names). Context may hold names of others, so what is like none of ours is none of our business.
 * @returns undefined for an option spelt right, and for a name that is like none
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
  throw new SettingsError(`The context option ${name} must be ${issue?.message}${value}`);
}

/**
 * Reads the options that the context holds.
 * @throws SettingsError that names the option and what it must be, or the one that was likely meant
 */
export function readSettings(node: Node): Settings {
  const context: Record<string, unknown> = node.getAllContext();
  for (const name of Object.keys(context)) {
    const meant = likelyMeant(name, OPTIONS);
    if (meant) throw new SettingsError(`There is no context option ${name}: did you mean ${meant}?`);
  }
  const options = readOptions(context);
  const settings = { ...options, edgeOnly: options.edgeOnly ?? options.cloudFront };
  const conflict = CONFLICTS.find(([when]) => when(settings))?.[1];
  if (conflict) throw new SettingsError(conflict);
  return settings;
}
