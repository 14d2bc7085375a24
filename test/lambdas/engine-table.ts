import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import { hashApiKey } from '../../lambdas/keys/key.ts';
import { BY_WORKSPACE_INDEX, table as client, type Item } from '../../lambdas/table.ts';
import { logger } from '../../lambdas/telemetry.ts';
import { type Engine, type EngineOptions, startEngine } from '../../local/engines.ts';
import { provisionTable } from '../../local/provision.ts';

/** API keys of workspaces 1 and 2. */
export const KEY = 'ck_test_one';
export const OTHER_KEY = 'ck_test_two';

type TableName = 'main' | 'clicks';

/** The most items of one request that writes many. */
const BATCH = 25;

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  CLICKHOOK_TABLE_NAME: 'main',
  CLICKHOOK_CLICKS_TABLE_NAME: 'clicks',
  CLICKHOOK_CLICK_RETENTION_DAYS: '400',
  CLICKHOOK_BASE_URL: 'https://links.example.com',
  // This DNS server rejects all requests at once. Host names of webhooks cannot be resolved, and no test uses the
  // network.
  CLICKHOOK_DNS_SERVERS: '127.0.0.1:9',
};

const WRITES = new Set(['PutCommand', 'UpdateCommand', 'DeleteCommand', 'TransactWriteCommand']);

/** Updates of a counter for ids do not count as writes here. */
const isWrite = (command: any) => WRITES.has(command.constructor.name) && command.input.Key?.sk !== 'COUNTER';

/** A write and its items, as `Put LINK#1 LINK`. */
function written(command: any): string[] {
  const { input } = command;
  const kind = command.constructor.name.replace('Command', '');
  const operations: any[] = input.TransactItems ?? [{ [kind]: input }];
  return operations.flatMap((operation) =>
    Object.entries<any>(operation).map(
      ([name, { Key, Item }]) => `${name} ${(Key ?? Item).pk} ${(Key ?? Item).sk}`,
    ),
  );
}

/**
 * The tables in the embedded engine, in memory, behind the functions' own clients, with real conditions,
 * transactions and limits. Each test file has an engine, and each test starts with workspaces 1 and 2 and nothing else.
 */
export class EngineTable {
  /** Every successful write of the functions in this test, as `Put LINK#1 LINK`. */
  writes: string[] = [];
  /** Runs before each write of the functions, which waits for it. Use it for a concurrent write. */
  beforeWrite: ((description: string) => unknown) | undefined;
  private engine: Engine | undefined;
  private documents: DynamoDBDocument | undefined;

  private get table(): DynamoDBDocument {
    if (!this.documents) throw new Error('The engine has not been started');
    return this.documents;
  }

  async start(options: Partial<EngineOptions>): Promise<void> {
    this.engine = await startEngine('dynamodb', { warn: () => undefined, ...options });
    Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL_DYNAMODB: this.engine.url });
    const dynamoDb = new DynamoDBClient({});
    this.documents = DynamoDBDocument.from(dynamoDb);
    const original = client.send.bind(client) as (...sent: any[]) => Promise<unknown>;
    client.send = (async (command: any, ...rest: any[]) => {
      if (!isWrite(command)) return original(command, ...rest);
      for (const description of written(command)) await this.beforeWrite?.(description);
      const answer = await original(command, ...rest);
      this.writes.push(...written(command));
      return answer;
    }) as never;
    await provisionTable(dynamoDb, {
      logicalId: 'main',
      properties: {
        AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map(text),
        KeySchema: keys('pk', 'sk'),
        GlobalSecondaryIndexes: [
          {
            IndexName: BY_WORKSPACE_INDEX,
            KeySchema: keys('gsi1pk', 'gsi1sk'),
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    } as never);
    await provisionTable(dynamoDb, {
      logicalId: 'clicks',
      properties: { AttributeDefinitions: ['pk', 'sk'].map(text), KeySchema: keys('pk', 'sk') },
    } as never);
  }

  /** Deletes everything. */
  async clear(): Promise<void> {
    for (const name of ['main', 'clicks'] as const) {
      const items = await this.all(name);
      await this.batches(
        items.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
        name,
      );
    }
    this.writes = [];
    this.beforeWrite = undefined;
  }

  /** Resets the table: workspaces 1 and 2 and nothing else. */
  async empty(): Promise<void> {
    await this.clear();
    for (const [id, key] of [KEY, OTHER_KEY].entries()) await this.addWorkspace(id + 1, key);
  }

  async close(): Promise<void> {
    this.documents?.destroy();
    await this.engine?.close();
  }

  /** Adds a workspace with a key, as the stack's own function would. */
  async addWorkspace(id: number, key: string): Promise<void> {
    const numbers = { link_count: 0, trash_count: 0, large_links: false };
    const settings = { pk: `WORKSPACE#${id}`, sk: 'SETTINGS', id, name: `Workspace ${id}`, ...numbers };
    await this.put({ ...settings, inserted_at: '2025' });
    await this.put({ pk: `KEY#${hashApiKey(key)}`, sk: 'KEY', workspace_id: id });
  }

  /** Sends the requests of a batch, and repeats those that did not fit into one. */
  private async batches(requests: object[], name: TableName = 'main'): Promise<void> {
    for (let open = requests; open.length > 0; ) {
      const batch = open.slice(0, BATCH);
      const { UnprocessedItems } = await this.table.batchWrite({ RequestItems: { [name]: batch } as never });
      open = [...((UnprocessedItems?.[name] as object[]) ?? []), ...open.slice(BATCH)];
    }
  }

  async put(Item: Item): Promise<void> {
    await this.table.put({ TableName: 'main', Item });
  }

  /** Puts many items, in batches. */
  async putAll(items: Item[], name: TableName = 'main'): Promise<void> {
    await this.batches(
      items.map((Item) => ({ PutRequest: { Item } })),
      name,
    );
  }

  async read(pk: string, sk: string): Promise<Item | undefined> {
    return (await this.table.get({ TableName: 'main', Key: { pk, sk }, ConsistentRead: true })).Item;
  }

  async remove({ pk, sk }: Item, TableName: TableName = 'main'): Promise<void> {
    await this.table.delete({ TableName, Key: { pk, sk } });
  }

  /** Every item of a table, by its key. */
  async all(TableName: TableName = 'main'): Promise<Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await this.table.scan({ TableName, ConsistentRead: true, ExclusiveStartKey });
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
  }

  /** The keys of items that contain this text, as `LINK#1 LINK`. */
  async keys(part = ''): Promise<string[]> {
    return (await this.all()).map(({ pk, sk }) => `${pk} ${sk}`).filter((key) => key.includes(part));
  }

  /**
   * Replaces what the functions' client does at its writes, until mocks are restored.
   * @param at receives the number of the write from 1, the function that sends it, its operations and the whole
   * request; updates of a counter for ids do not count as writes here
   */
  atWrite(
    at: (write: number, send: () => Promise<unknown>, operations: any, input: any) => Promise<unknown>,
  ): void {
    const original = client.send.bind(client) as (...sent: any[]) => Promise<unknown>;
    let writes = 0;
    jest.spyOn(client, 'send').mockImplementation(((command: any, ...rest: any[]) => {
      const { Key, TransactItems } = command.input;
      const isWrite = WRITES.has(command.constructor.name) && Key?.sk !== 'COUNTER';
      const send = () => original(command, ...rest);
      if (!isWrite) return send();
      writes++;
      return at(writes, send, TransactItems ?? [command.input], command.input);
    }) as never);
  }

  /** The operations of all writes from now on, as `Put LINK#1 LINK`. */
  recordWrites(): string[] {
    const written: string[] = [];
    this.atWrite((_write, send, operations) => {
      for (const operation of operations) {
        const [[kind, { Key, Item }] = ['', {}]]: any[] = Object.entries(operation);
        written.push(`${kind} ${(Key ?? Item)?.pk} ${(Key ?? Item)?.sk}`);
      }
      return send();
    });
    return written;
  }

  /** Delays each request by a random time from a seed, so that the writers conflict at different points. */
  mix(seed: number): void {
    const random = seeded(seed);
    const original = client.send.bind(client) as (...sent: any[]) => Promise<unknown>;
    jest.spyOn(client, 'send').mockImplementation((async (...sent: any[]) => {
      await delay(Math.floor(random() * 4));
      return original(...sent);
    }) as never);
  }

  /** Ends the function at a write: before it is sent, or after it was written but before the function knows. */
  crashAt(write: number, when: 'before' | 'after'): void {
    jest.spyOn(logger, 'error').mockImplementation(() => undefined);
    this.atWrite(async (number, send) => {
      if (number !== write) return send();
      if (when === 'after') await send();
      throw Object.assign(new Error('crash'), { name: 'TimeoutError' });
    });
  }
}

/** The engine's table, for all tests of a file. */
export function engineTable(options: Partial<EngineOptions> = {}): EngineTable {
  const table = new EngineTable();
  beforeAll(() => table.start(options));
  beforeEach(() => table.empty());
  // Removes what a test has made the client do.
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => table.close());
  return table;
}

/** Random numbers from 0 to 1 that are the same for one seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
