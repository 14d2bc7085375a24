import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { conflictOf } from './conflicts.ts';
import {
  certificateArn,
  emailAddress,
  headerSecret,
  hostName,
  hostNames,
  origin,
  type Reader,
  retentionDays,
  tableName,
  wholeNumber,
  yesOrNo,
} from './option-values.ts';
import { likelyMeant } from './spelling.ts';

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
