import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { hashApiKey } from '../../lambdas/core/api-key.ts';

type Item = Record<string, any>;
type Conditional = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

function holds(term: string, item: Item | undefined, write: Conditional): boolean {
  const attribute = (name: string) => item?.[write.ExpressionAttributeNames?.[name] ?? name];
  const exists = /^attribute_(not_)?exists\((\S+)\)$/.exec(term);
  if (exists?.[2]) return (attribute(exists[2]) === undefined) === Boolean(exists[1]);
  const comparison = /^(\S+) (=|<>|<=) (:\w+)$/.exec(term);
  if (!comparison) throw new Error(`The fake table does not know the condition ${term}`);
  const [, name = '', operator, value = ''] = comparison;
  const wanted = write.ExpressionAttributeValues?.[value];
  if (operator === '<=') return attribute(name) <= (wanted as number);
  const equal = attribute(name) === wanted;
  return operator === '=' ? item !== undefined && equal : !equal;
}

function check(item: Item | undefined, write: Conditional): void {
  if (!write.ConditionExpression) return;
  const met = write.ConditionExpression.split(' OR ').some((either) =>
    either.split(' AND ').every((term) => holds(term, item, write)),
  );
  if (!met) throw Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException' });
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
    this.mock.on(UpdateCommand).callsFake((input) => this.add(input));
    this.mock.on(QueryCommand).callsFake((input) => {
      const found = this.query(input);
      return input.Select === 'COUNT' ? { Count: found.length } : { Items: found };
    });
    this.mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
      Responses: {
        main: RequestItems.main.Keys.map((key: Item) => this.read(key)).filter(Boolean),
      },
    }));
  }

  /** Adds a workspace with a key, as the stack's own function would. */
  addWorkspace(id: number, key: string): void {
    this.put({ pk: `WORKSPACE#${id}`, sk: 'SETTINGS', id, name: `Workspace ${id}`, inserted_at: '2025' });
    this.put({ pk: `KEY#${hashApiKey(key)}`, sk: 'KEY', workspace_id: id });
  }

  put(item: Item): void {
    this.items.set(keyOf(item), structuredClone(item));
  }

  read(key: Item): Item | undefined {
    return structuredClone(this.items.get(keyOf(key)));
  }

  private write(kind: string, key: Item, input: Conditional, next: (before: Item) => Item | undefined) {
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

  private add(input: {
    Key: Item;
    UpdateExpression: string;
    ExpressionAttributeNames: Record<string, string>;
  }) {
    if (input.UpdateExpression.startsWith('SET ')) return this.set(input);
    if (input.UpdateExpression === 'REMOVE #left') {
      return this.write('Remove', input.Key, input, ({ left: _left, ...others }) => others);
    }
    if (input.UpdateExpression !== 'ADD #last :one') {
      throw new Error(`The fake table does not know the update ${input.UpdateExpression}`);
    }
    this.write('Add', input.Key, {}, (before) => ({ ...input.Key, last: (before.last ?? 0) + 1 }));
    return { Attributes: { last: this.read(input.Key)?.last } };
  }

  private set(input: {
    Key: Item;
    UpdateExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  }) {
    const assignments = input.UpdateExpression.slice(4)
      .split(', ')
      .map((one) => one.split(' = '));
    const changes = assignments.map(([name = '', value = '']) => [
      input.ExpressionAttributeNames[name],
      input.ExpressionAttributeValues?.[value],
    ]);
    this.write('Set', input.Key, input, (before) => ({ ...before, ...Object.fromEntries(changes) }));
    return { Attributes: this.read(input.Key) };
  }

  private query({
    KeyConditionExpression,
    FilterExpression,
    ExpressionAttributeValues: values,
  }: any): Item[] {
    const below = (prefix: string) => (item: Item) =>
      item.pk === values[':owner'] && item.sk.startsWith(values[prefix]);
    const wanted: Record<string, (item: Item) => boolean> = {
      'pk = :owner AND begins_with(sk, :hook)': below(':hook'),
      'pk = :owner AND begins_with(sk, :domain)': below(':domain'),
      'pk = :owner AND begins_with(sk, :prefix)': below(':prefix'),
      'gsi1pk = :workspace': ({ gsi1pk }) => gsi1pk === values[':workspace'],
      '#domain = :domain': ({ domain }) => domain === values[':domain'],
    };
    const expressions: string[] = [KeyConditionExpression, FilterExpression].filter(Boolean);
    const tests = expressions.map((expression) => {
      const matches = wanted[expression];
      if (!matches) throw new Error(`The fake table does not know the query ${expression}`);
      return matches;
    });
    const found = [...this.items.values()].filter((item) => tests.every((matches) => matches(item)));
    return found.map((item) => structuredClone(item));
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
