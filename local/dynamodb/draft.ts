import type { Callback, Item, Store, SubDatabase, Table, Write } from 'dynalite/db/index.js';

/** One of dynalite's actions, such as `putItem`. */
export type Action = (store: Store, data: any, callback: Callback<Record<string, any>>) => void;

type Draft = { table: Table; existing: Item | undefined; writes: Write[] };

/** Stands for a sub-database. It reads the one item, and collects the writes instead of carrying them out. */
function draftDatabase(prefix: string, { existing, writes }: Draft): SubDatabase {
  return {
    get: (_key, done) => done(null, existing),
    put: (key, value, done) => {
      writes.push({ type: 'put', key: `${prefix}~${key}`, value });
      done(null);
    },
    del: (key, done) => {
      writes.push({ type: 'del', key: `${prefix}~${key}` });
      done(null);
    },
    // The transaction already holds the lock on the item.
    lock: Object.assign((_keys: unknown, run: Parameters<SubDatabase['lock']>[1]) => run((done) => done), {
      isLocked: () => true,
    }),
  };
}

/** The key prefixes are those that dynalite's store gives its sub-databases. */
function draftStore(store: Store, draft: Draft): Store {
  return {
    ...store,
    getTable: (_name, done) => done(null, draft.table),
    getItemDb: (table) => draftDatabase(`item-${table}`, draft),
    getIndexDb: (type, table, index) => draftDatabase(`index-${type.toLowerCase()}~${table}~${index}`, draft),
  };
}

/**
 * Runs an action of dynalite on one item without writing. The result is the action's response, and `draft.writes` are
 * the writes to the table and its indexes. So a transaction has the conditions, expressions and limits of single writes
 * without a second implementation of them.
 * @throws ApiError as the action would respond
 */
export function runDraft(
  action: Action,
  store: Store,
  data: object,
  draft: Draft,
): Promise<Record<string, any>> {
  return new Promise((resolve, reject) => {
    action(draftStore(store, draft), data, (error, answer) =>
      error ? reject(error) : resolve(answer ?? {}),
    );
  });
}
