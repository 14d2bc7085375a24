import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type SecondTry, withFreshSockets } from './fresh-sockets.ts';

/** Index on link items: a workspace's links by id. Eventually consistent. */
export const BY_WORKSPACE_INDEX = 'byWorkspace';

/** Stands for the stack's own host where a custom domain's name would stand. */
export const DEFAULT_DOMAIN = '-';

/** Partition keys of the tables, and the prefixes that permissions are bound to. */
export const partition = {
  slug: (domain: string | null, slug: string) => `SLUG#${domain ?? DEFAULT_DOMAIN}#${slug}`,
  link: (id: number) => `LINK#${id}`,
  workspace: (id: number) => `WORKSPACE#${id}`,
  secrets: (workspaceId: number) => `SECRETS#${workspaceId}`,
  key: (sha256: string) => `KEY#${sha256}`,
  domain: (name: string) => `DOMAIN#${name}`,
  counter: (entity: 'LINK' | 'WORKSPACE' | 'DOMAIN') => `COUNTER#${entity}`,
  /** In the table of claims: when the webhooks of a link were tested last. */
  testClicks: (linkId: number) => `TEST#${linkId}`,
  /** In the table of claims: the attempts at a link's password in one window of time. */
  passwordAttempts: (linkId: number, window: number) => `PASSWORD#${linkId}#${window}`,
} as const;

/** Most bytes of a partition key (DynamoDB Developer Guide, constraints). A longer one is the key of nothing. */
export const MAX_PARTITION_KEY_BYTES = 2_048;

/** Whether an owner of hooks, named by its partition key, is a link. */
export const isLink = (owner: string) => owner.startsWith('LINK#');

/** Sort keys of the main table. */
export const sort = {
  link: 'LINK',
  settings: 'SETTINGS',
  secrets: 'SECRETS',
  key: 'KEY',
  counter: 'COUNTER',
  clicks: 'CLICKS',
  domain: 'DOMAIN',
  domainPrefix: 'DOMAIN#',
  domainListing: (name: string) => `DOMAIN#${name}`,
  hookPrefix: 'HOOK#',
  hook: (hookId: string) => `HOOK#${hookId}`,
  keyListingPrefix: 'KEY#',
  keyListing: (prefix: string) => `KEY#${prefix}`,
} as const;

/** Has the SDK try a write again that met a transaction at its item: nothing of it was written. */
function throughTransactions(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next) => (args) =>
      next(args).catch((error) => {
        if (error.name === 'TransactionConflictException') error.$retryable = {};
        throw error;
      }),
    { name: 'throughTransactions', step: 'finalizeRequest', priority: 'low' },
  );
  return client;
}

/**
 * A document client for the table functions: at most `attempts` tries of `attemptTimeoutMs` each.
 * One per function instance, kept while the instance lives, so that its connections are reused.
 */
export function tableClient({
  attempts = 3,
  attemptTimeoutMs = 2_000,
  ...secondTry
}: { attempts?: number; attemptTimeoutMs?: number } & SecondTry = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: attemptTimeoutMs,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(withFreshSockets(throughTransactions(client), secondTry), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Whether a conditional write was refused because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
