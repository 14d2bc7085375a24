import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';

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
export function likelyMeant<Name extends string>(name: string, options: readonly Name[]): Name | undefined {
  if (FOREIGN.test(name) || options.some((option) => option === name)) return undefined;
  return options.find((option) => distance(bare(name), bare(option)) <= (option.length < 8 ? 1 : 2));
}

/** How the value of an option is read. Values come as text from `-c NAME=VALUE`, as JSON from cdk.json. */
export type Reader<T> = {
  /** What a value must be, as the end of a sentence that begins with "The context option x must be". */
  must: string;
  /** @returns undefined for a value that the option can't have */
  read: (value: unknown) => T | undefined;
};

/** A whole number within these bounds. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return {
    must: `a whole number from ${min} to ${max}`,
    read: (value) => {
      const number = /^\d{1,9}$/.test(String(value)) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** `true` or `false`. */
export const yesOrNo: Reader<boolean> = {
  must: 'true or false',
  read: (value) => ({ true: true, false: false })[String(value)],
};

/** A text of a certain form. */
export function text(must: string, form: RegExp): Reader<string> {
  return { must, read: (value) => (typeof value === 'string' && form.test(value) ? value : undefined) };
}

/** The periods after which CloudWatch can forget log lines, in days. */
const RETENTIONS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** A number of days that CloudWatch Logs takes. */
export const retentionDays: Reader<RetentionDays> = {
  must: `a number of days that CloudWatch Logs takes: ${RETENTIONS.join(', ')}`,
  read: (value) => RETENTIONS.find((days) => String(days) === String(value)),
};

/** An origin: scheme and host, nothing behind them but perhaps a slash. */
export const origin: Reader<string> = {
  must: 'an address without a path, such as https://links.example.com',
  read: (value) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    const isOrigin = url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
    return isOrigin ? url.origin : undefined;
  },
};

const HOST_NAME = '(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])';
const HOST = new RegExp(`^${HOST_NAME}$`);

/** A full host name, in the letters of DNS. */
export const hostName = text('a host name in small letters, such as links.example.com', HOST);

/** Host names, with commas between them or as a list. */
export const hostNames: Reader<string[]> = {
  must: 'host names in small letters with commas between them, such as go.example.com,to.example.com',
  read: (value) => {
    const names = Array.isArray(value) ? value : String(value).split(/\s*,\s*/);
    return names.every((name) => HOST.test(String(name))) ? names.map(String) : undefined;
  },
};

/** An e-mail address. */
export const emailAddress = text('an e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/);

/** The name of a table in DynamoDB. */
export const tableName = text('the name of a table in DynamoDB', /^[\w.-]{3,255}$/);

/** The ARN of a certificate in ACM. */
export const certificateArn = text(
  'the ARN of a certificate in ACM, such as arn:aws:acm:eu-west-1:111122223333:certificate/…',
  /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
);

/** A secret that can travel in a header. */
export const headerSecret = text(
  'at least 16 characters long and have no space in it (openssl rand -hex 32 makes one)',
  /^[!-~]{16,512}$/,
);

/** An option of the context is wrong: its sentence says what to change. */
export class SettingsError extends Error {}

/** What can be said by context about a deployment. docs/deploy.md has the table of these for people. */
export type Settings = {
  /** The default host's name, for which the stack makes what AWS needs. */
  domain?: string;
  /** Certificate for `domain`: of the stack's region, or with `cloudFront` of us-east-1. */
  certificateArn?: string;
  /** Origin of the default host, when something outside of this stack leads it here. */
  baseUrl?: string;
  /** Whether a CloudFront distribution stands in front. */
  cloudFront: boolean;
  /** Further names of the distribution, each a custom domain that a workspace adds. */
  customDomains: string[];
  /** What the CDN proves itself with; without it no CDN is believed. */
  edgeSecret?: string;
  /** A second secret that is believed, while one takes the place of the other. */
  otherEdgeSecret?: string;
  /** Whether requests that come past the CDN are refused. */
  edgeOnly: boolean;
  /** Requests per second that short links take; the account's own quota may be lower. */
  clickRateLimit: number;
  /** Requests to short links that are taken at once, beyond the rate. */
  clickBurstLimit: number;
  /** Batches in flight at once: bounds what deliveries take of the account's concurrency. */
  deliverConcurrency: number;
  /** Lambda concurrency that nobody but the redirect may use; without it, it shares the account's. */
  redirectConcurrency?: number;
  logRetentionDays: RetentionDays;
  /** Who hears of alarms. */
  alarmEmail?: string;
  /** Main table in place of one that the stack makes: how a restored one is put to use. */
  tableName?: string;
  /** Whether the main table is kept from deletion, and left behind when the stack goes. */
  deletionProtection: boolean;
  /** Whether AWS X-Ray traces the functions. */
  tracing: boolean;
};

const READERS: { [Name in keyof Required<Settings>]: Reader<Required<Settings>[Name]> } = {
  domain: hostName,
  certificateArn,
  baseUrl: origin,
  cloudFront: yesOrNo,
  customDomains: hostNames,
  edgeSecret: headerSecret,
  otherEdgeSecret: headerSecret,
  edgeOnly: yesOrNo,
  // At least what management routes may take: lib/http-api.ts.
  clickRateLimit: wholeNumber(100, 1_000_000),
  clickBurstLimit: wholeNumber(100, 1_000_000),
  deliverConcurrency: wholeNumber(2, 1_000),
  redirectConcurrency: wholeNumber(1, 100_000),
  logRetentionDays: retentionDays,
  alarmEmail: emailAddress,
  tableName,
  deletionProtection: yesOrNo,
  tracing: yesOrNo,
};

/** Names of all options. */
export const OPTIONS = Object.keys(READERS) as (keyof Settings)[];

const DEFAULTS = {
  cloudFront: false,
  customDomains: [],
  // The lowest default quotas of an account: 2,500 and 1,250 in thirteen regions (API Gateway's quotas, per region).
  // A stage can't be deployed with limits above them.
  clickRateLimit: 2_500,
  clickBurstLimit: 1_250,
  deliverConcurrency: 5,
  logRetentionDays: 30,
  deletionProtection: true,
  tracing: true,
} satisfies Partial<Settings>;

function readOption(name: keyof Settings, value: unknown): unknown {
  const { must, read } = READERS[name];
  const parsed = read(value);
  if (parsed !== undefined) return parsed;
  const given = name.toLowerCase().includes('secret') ? '' : `, not ${JSON.stringify(value)}`;
  throw new SettingsError(`The context option ${name} must be ${must}${given}`);
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
  const given = OPTIONS.flatMap((name) => {
    const value = context[name];
    return value === undefined ? [] : [[name, readOption(name, value)]];
  });
  const settings: Omit<Settings, 'edgeOnly'> & Partial<Settings> = {
    ...DEFAULTS,
    ...Object.fromEntries(given),
  };
  const read = { ...settings, edgeOnly: settings.edgeOnly ?? settings.cloudFront };
  const conflict = conflictOf(read);
  if (conflict) throw new SettingsError(conflict);
  return read;
}

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

/** What stands against these settings, each of them right by itself; undefined when nothing does. */
export function conflictOf(settings: Settings): string | undefined {
  return CONFLICTS.find(([when]) => when(settings))?.[1];
}
