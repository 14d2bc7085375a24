import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { hashApiKey } from '../../lambdas/keys/key.ts';
import type { Item } from '../../lambdas/table.ts';
import { type Expressions, holds, updated } from './fake-expressions.ts';

function check(item: Item | undefined, request: Expressions): void {
  if (!request.ConditionExpression || holds(request.ConditionExpression, item, request)) return;
  throw Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException' });
}

/** What an update does first: Add, Set or Remove. */
function verbOf({ UpdateExpression = '' }: Expressions): string {
  const [verb = ''] = UpdateExpression.split(' ');
  return verb.slice(0, 1) + verb.slice(1).toLowerCase();
}

const keyOf = ({ pk, sk }: Item) => `${pk} ${sk}`;

/** An in-memory main table behind the mocked document client: what the code does and nothing more. */
export class FakeTable {
  readonly items = new Map<string, Item>();
  /** Every write that took effect, as `Put LINK#1 LINK`. */
  readonly writes: string[] = [];
  /** The write, counted from 1, at which the function dies: before or after it takes effect. */
  crash: { write: number; when: 'before' | 'after' } | undefined;
  /** Runs before a write takes effect: the place for somebody else's write. */
  beforeWrite: ((description: string) => void) | undefined;
  readonly mock = mockClient(DynamoDBDocumentClient);

  constructor() {
    process.env.CLICKHOOK_TABLE_NAME = 'main';
    process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
    // Nobody answers there, at once: webhooks' names are unresolvable, and no test asks the network.
    process.env.CLICKHOOK_DNS_SERVERS = '127.0.0.1:9';
    this.mock.on(GetCommand).callsFake(({ Key }) => ({ Item: this.read(Key) }));
    this.mock.on(PutCommand).callsFake((input) => this.write('Put', input.Item, input, () => input.Item));
    this.mock.on(DeleteCommand).callsFake((input) => this.write('Delete', input.Key, input, () => undefined));
    this.mock.on(UpdateCommand).callsFake((input) => this.update(input));
    this.mock.on(TransactWriteCommand).callsFake((input) => this.transact(input.TransactItems));
    this.mock.on(QueryCommand).callsFake((input) => this.query(input));
    // In no order that the keys would tell, as the real one.
    this.mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
      Responses: {
        main: RequestItems.main.Keys.map((key: Item) => this.read(key))
          .filter(Boolean)
          .reverse(),
      },
    }));
  }

  /** Adds a workspace with a key, as the stack's own function would. */
  addWorkspace(id: number, key: string): void {
    const totals = { link_count: 0, trash_count: 0 };
    this.put({
      pk: `WORKSPACE#${id}`,
      sk: 'SETTINGS',
      id,
      name: `Workspace ${id}`,
      inserted_at: '2025',
      ...totals,
    });
    this.put({ pk: `KEY#${hashApiKey(key)}`, sk: 'KEY', workspace_id: id });
  }

  put(item: Item): void {
    this.items.set(keyOf(item), structuredClone(item));
  }

  read(key: Item): Item | undefined {
    return structuredClone(this.items.get(keyOf(key)));
  }

  private write(kind: string, key: Item, input: Expressions, next: (before: Item) => Item | undefined) {
    const description = `${kind} ${keyOf(key)}`;
    this.beforeWrite?.(description);
    const number = this.writes.length + 1;
    const crashes = (when: string) => this.crash?.write === number && this.crash.when === when;
    if (crashes('before')) throw new Error('crash');
    const before = this.read(key);
    check(before, input);
    const after = next(before ?? {});
    if (after) this.put(after);
    else this.items.delete(keyOf(key));
    this.writes.push(description);
    if (crashes('after')) throw new Error('crash');
    return {};
  }

  /** All or nothing. It is one write to `crash`, and each of its operations one of `writes`. */
  transact(operations: Record<string, Expressions & { Key?: Item; Item?: Item }>[]): unknown {
    const named = operations.map((operation) => {
      const [[kind, input] = ['', {}]] = Object.entries(operation);
      const key = input.Key ?? input.Item ?? {};
      const description = `${kind === 'Update' ? verbOf(input) : kind} ${keyOf(key)}`;
      return { kind, input, key, description };
    });
    for (const { description } of named) this.beforeWrite?.(description);
    const isNext = this.crash?.write === this.writes.length + 1;
    if (isNext && this.crash?.when === 'before') throw new Error('crash');
    const reasons = named.map(({ input, key }) => {
      const { ConditionExpression: condition } = input;
      const isHeld = !condition || holds(condition, this.read(key), input);
      return { Code: isHeld ? 'None' : 'ConditionalCheckFailed' };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw Object.assign(new Error('cancelled'), {
        name: 'TransactionCanceledException',
        CancellationReasons: reasons,
      });
    }
    for (const { kind, input, key, description } of named) {
      if (kind === 'Put') this.put(key);
      if (kind === 'Update') this.put(updated({ ...key, ...this.read(key) }, input));
      if (kind === 'Delete') this.items.delete(keyOf(key));
      if (kind !== 'ConditionCheck') this.writes.push(description);
    }
    if (isNext) throw new Error('crash');
    return {};
  }

  /** Named in `writes` by its first clause: Add, Set or Remove. */
  private update(input: Expressions & { Key: Item }) {
    this.write(verbOf(input), input.Key, input, (before) => updated({ ...input.Key, ...before }, input));
    return { Attributes: this.read(input.Key) };
  }

  private query(
    input: Expressions & { Limit?: number; ScanIndexForward?: boolean; ExclusiveStartKey?: Item },
  ) {
    const condition = input.KeyConditionExpression ?? '';
    const sortKey = condition.includes('gsi1pk') ? 'gsi1sk' : 'sk';
    const found = [...this.items.values()].filter((item) => holds(condition, item, input));
    found.sort((a, b) => (String(a[sortKey]) < String(b[sortKey]) ? -1 : 1));
    if (input.ScanIndexForward === false) found.reverse();
    const start = found.findIndex((item) => keyOf(item) === keyOf(input.ExclusiveStartKey ?? {})) + 1;
    const page = found.slice(start, start + (input.Limit ?? found.length));
    const last = page.at(-1);
    const more = last !== undefined && start + page.length < found.length;
    return {
      Items: structuredClone(page),
      ...(more ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk } } : {}),
    };
  }
}

/** The key of workspace 1 in tests. */
export const KEY = 'ck_test_one';
/** The key of workspace 2 in tests. */
export const OTHER_KEY = 'ck_test_two';

/** A table with workspaces 1 and 2. */
export function tableWithWorkspaces(): FakeTable {
  const table = new FakeTable();
  table.addWorkspace(1, KEY);
  table.addWorkspace(2, OTHER_KEY);
  return table;
}
