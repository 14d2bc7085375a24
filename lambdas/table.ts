import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DeleteCommand,
  DynamoDBDocumentClient,
  type PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from './env.ts';
import { Unavailable } from './errors.ts';
import { type SecondTry, withFreshSockets } from './fresh-sockets.ts';

/** The index of link items: a workspace's links by id. Eventually consistent. */
export const BY_WORKSPACE_INDEX = 'byWorkspace';

/** Used instead of the name of a custom domain for links on the stack's own host. */
export const DEFAULT_DOMAIN = '-';

/** The partition keys of the tables, and the prefixes that permissions are limited to. */
export const partition = {
  slug: (domain: string | null, slug: string) => `SLUG#${domain ?? DEFAULT_DOMAIN}#${slug}`,
  link: (id: number) => `LINK#${id}`,
  workspace: (id: number) => `WORKSPACE#${id}`,
  secrets: (workspaceId: number) => `SECRETS#${workspaceId}`,
  key: (sha256: string) => `KEY#${sha256}`,
  domain: (name: string) => `DOMAIN#${name}`,
  counter: (entity: 'LINK' | 'WORKSPACE' | 'DOMAIN') => `COUNTER#${entity}`,
  /** In the clicks table: the clicks of a workspace in a month, such as 2026-01. */
  clicks: (workspaceId: number, month: string, shard: number) => `CLICK#${workspaceId}#${month}#${shard}`,
  /** In the clicks table: the sample clicks of a workspace, which no report shows. */
  sampleClicks: (workspaceId: number) => `SAMPLE#${workspaceId}`,
  /** In the clicks table: summaries of a workspace's days. */
  days: (workspaceId: number) => `DAYS#${workspaceId}`,
  /** In the clicks table: when the webhooks of a link or a workspace, named by its partition key, were last tested. */
  tests: (owner: string) => `TEST#${owner}`,
  /** In the clicks table: the attempts at a link's password in one time window. */
  passwordAttempts: (linkId: number, window: number) => `PASSWORD#${linkId}#${window}`,
} as const;

/** The most bytes of a partition key (DynamoDB Developer Guide, constraints). No item has a longer key. */
export const MAX_PARTITION_KEY_BYTES = 2_048;

/** Whether the owner of webhooks, identified by its partition key, is a link. */
export const isLink = (owner: string) => owner.startsWith('LINK#');

/** Sort keys. Those of clicks are their ids, and those of summaries begin with their day. */
export const sort = {
  link: 'LINK',
  settings: 'SETTINGS',
  secrets: 'SECRETS',
  key: 'KEY',
  counter: 'COUNTER',
  clicks: 'CLICKS',
  domain: 'DOMAIN',
  test: 'TEST',
  check: 'CHECK',
  attempts: 'ATTEMPTS',
  domainPrefix: 'DOMAIN#',
  domainListing: (name: string) => `DOMAIN#${name}`,
  hookPrefix: 'HOOK#',
  hook: (hookId: string) => `HOOK#${hookId}`,
  keyListingPrefix: 'KEY#',
  keyListing: (prefix: string) => `KEY#${prefix}`,
} as const;

/** Makes the SDK retry a write that conflicted with a transaction at its item. Nothing of such a write was stored. */
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
 * A document client for the table functions, with at most `attempts` tries of `attemptTimeoutMs` each. Use one per
 * function instance and keep it, so that its connections are reused.
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

/** How requests are sent to a table: a client, or an object that creates one when it is needed. */
export type Table = Pick<DynamoDBDocumentClient, 'send'>;

/** An item of a table, or the key of one. */
export type Item = Record<string, any>;

/** Name of the main table. */
export const tableName = () => requiredEnv(ENV.tableName);

let client: DynamoDBDocumentClient | undefined;

/**
 * The main table, for management functions. Its client is created for the first request and kept while the instance
 * lives.
 */
export const table = {
  send: ((...request: Parameters<DynamoDBDocumentClient['send']>) => {
    client ??= tableClient();
    return client.send(...request);
  }) as DynamoDBDocumentClient['send'],
};

/** Whether a conditional write was rejected because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/** Sends a conditional write. @returns whether its condition held, and so whether anything was written */
export async function writeIf(command: PutCommand | UpdateCommand | DeleteCommand): Promise<boolean> {
  try {
    await table.send(command as PutCommand);
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** The next integer id of an entity, starting at 1. Ids may be skipped, but none is used twice. */
export async function nextId(entity: Parameters<typeof partition.counter>[0]): Promise<number> {
  const { Attributes } = await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: { pk: partition.counter(entity), sk: sort.counter },
      UpdateExpression: 'ADD #last :one',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Attributes?.last;
}

const BATCH_GET_LIMIT = 100;

/** How many answers in a row may contain no item before the read gives up: 0.4 s to 0.8 s in all. */
const FRUITLESS_TRIES = 5;
const FIRST_PAUSE_MS = 50;

/**
 * The pause doubles with each try that read nothing. Half of it is random, so that callers do not all retry at once.
 */
function pauseMs(fruitlessTries: number): number {
  const most = FIRST_PAUSE_MS * 2 ** (fruitlessTries - 1);
  return most / 2 + (Math.random() * most) / 2;
}

async function readBatch(keys: Item[], consistent: boolean): Promise<Item[]> {
  const items: Item[] = [];
  let pending = keys;
  for (let fruitless = 0; ; ) {
    const { Responses, UnprocessedKeys } = await table.send(
      new BatchGetCommand({ RequestItems: { [tableName()]: { Keys: pending, ConsistentRead: consistent } } }),
    );
    items.push(...(Responses?.[tableName()] ?? []));
    const left = UnprocessedKeys?.[tableName()]?.Keys ?? [];
    if (left.length === 0) return items;
    fruitless = left.length < pending.length ? 1 : fruitless + 1;
    if (fruitless === FRUITLESS_TRIES) {
      throw new Unavailable(`${left.length} of ${keys.length} items were not read in ${fruitless} tries`);
    }
    pending = left;
    await delay(pauseMs(fruitless));
  }
}

/**
 * The items of the main table with these keys that exist, in no particular order. Keys that a throttled table skips are
 * requested again after a pause.
 * @throws Unavailable when the table returns nothing several times in a row
 */
export async function readItems(keys: Item[], { consistent = true } = {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_LIMIT) {
    items.push(...(await readBatch(keys.slice(start, start + BATCH_GET_LIMIT), consistent)));
  }
  return items;
}
