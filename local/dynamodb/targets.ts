import db, { type ApiError, type Callback, type Item, type Store, type Table } from 'dynalite/db/index.js';
import { NONE, transactionCanceled } from './errors.ts';

/** One operation of a transaction, of any kind. It names its item by `Key`, or writes it as `Item`. */
export type Operation = { TableName: string; Key?: Item; Item?: Item; _updates?: unknown };
/** An operation and its item. `key` is the key in dynalite's store. */
export type Target<T extends Operation> = { operation: T; table: Table; key: string };

/** What happens when another request uses an item: wait for it, or cancel the transaction as AWS does. */
export type OnConflict = 'wait' | 'cancel';

export const toPromise = <T>(start: (done: Callback<T>) => void): Promise<T | undefined> =>
  new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));

const keyOf = ({ Key, Item = Key }: Operation): Item => Item ?? {};

/** AWS rejects an empty key before it looks at any operation, with these words. */
function emptyKey(operation: Operation, table: Table): ApiError | undefined {
  return db.traverseKey(table, (name, type) => {
    if (keyOf(operation)[name]?.[type] !== '') return undefined;
    const kind = type === 'B' ? 'binary' : 'string';
    return db.validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
    );
  });
}

function wrongKey({ Key, Item, _updates }: Operation, table: Table): ApiError | null | undefined {
  if (Item) return db.validateItem(Item, table);
  return db.validateKey(Key ?? {}, table) ?? db.validateUpdates(undefined, _updates, table);
}

/**
 * Finds the tables and keys of the operations.
 * @throws ApiError for a missing table, a key that does not fit its table, and two operations on one item
 */
export async function findTargets<T extends Operation>(store: Store, operations: T[]): Promise<Target<T>[]> {
  const tables = new Map<string, Table>();
  for (const { TableName } of operations) {
    const table =
      tables.get(TableName) ?? (await toPromise<Table>((done) => store.getTable(TableName, done)));
    if (table) tables.set(TableName, table);
  }
  const located = operations.map((operation) => ({
    operation,
    table: tables.get(operation.TableName) as Table,
  }));
  for (const { operation, table } of located) {
    const error = emptyKey(operation, table);
    if (error) throw error;
  }
  const errors = located.map(({ operation, table }) => wrongKey(operation, table));
  const first = errors.findIndex((error) => error);
  if (first >= 0) {
    const reason = { Code: 'ValidationError', Message: String(errors[first]?.message) };
    throw transactionCanceled(errors.map((_, index) => (index === first ? reason : NONE)));
  }
  const targets = located.map(({ operation, table }) => ({
    operation,
    table,
    key: db.createKey(keyOf(operation), table),
  }));
  if (new Set(targets.map(({ table, key }) => `${table.TableName}/${key}`)).size < targets.length)
    throw db.validationError('Transaction request cannot include multiple operations on one item');
  return targets;
}

/**
 * Runs `work` while it holds the locks of all items, which dynalite's single writes take as well. All locks are
 * requested together and granted in order of request, so transactions cannot deadlock.
 * @throws ApiError when an item is in use, and conflicts cancel
 */
export async function withItemsHeld<R>(
  store: Store,
  targets: Target<Operation>[],
  onConflict: OnConflict,
  work: () => Promise<R>,
): Promise<R> {
  if (onConflict === 'cancel') refuseConflicts(store, targets);
  const releases = await Promise.all(
    targets.map(
      ({ table, key }) =>
        new Promise<() => void>((held) => {
          store.getItemDb(table.TableName).lock(key, (release) => held(release(() => undefined)));
        }),
    ),
  );
  try {
    return await work();
  } finally {
    for (const release of releases) release();
  }
}

function refuseConflicts(store: Store, targets: Target<Operation>[]): void {
  const reasons = targets.map(({ table, key }) =>
    store.getItemDb(table.TableName).lock.isLocked(key)
      ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
      : NONE,
  );
  if (reasons.some((reason) => reason !== NONE)) throw transactionCanceled(reasons);
}

/** The item as it is stored, or undefined. */
export const readItem = (store: Store, { table, key }: Target<Operation>) =>
  toPromise<Item>((done) => store.getItemDb(table.TableName).get(key, done));
