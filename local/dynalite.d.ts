/** dynalite has no types. These are the options and parts of it that the local stack uses. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** The folder of the LevelDB store. Without it, the store is in memory. */
    path?: string;
    /** How many milliseconds a table stays in CREATING, UPDATING and DELETING. */
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}

/** dynalite's store of tables, items and indexes, and the rules that its actions share. */
declare module 'dynalite/db/index.js' {
  import type { DynaliteOptions } from 'dynalite';

  /** One attribute in DynamoDB's own JSON: the name of its type, and the value. */
  export type AttributeValue = Record<string, any>;
  export type Item = Record<string, AttributeValue>;
  export type KeySchema = { AttributeName: string }[];
  export type Index = { IndexName: string; KeySchema: KeySchema };
  export type Table = { TableName: string; KeySchema: KeySchema };

  /** An error. A client gets `body` with this status. */
  export type ApiError = Error & { statusCode: number; body: Record<string, unknown> };
  export type Callback<T> = (error?: Error | null, value?: T) => void;

  /** Holds a key until the function that `release` returns is called. */
  export type Lock = {
    (key: string, run: (release: (done: (...args: any[]) => void) => () => void) => void): void;
    isLocked: (key: string) => boolean;
  };

  export type SubDatabase = {
    get: (key: string, callback: Callback<Item>) => void;
    put: (key: string, value: unknown, callback: Callback<void>) => void;
    del: (key: string, callback: Callback<void>) => void;
    lock: Lock;
  };

  export type Write = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

  export type Store = {
    options: { maxItemSize: number };
    /** The whole LevelDB. The sub-databases are prefixes of its keys. */
    db: {
      batch: (writes: Write[]) => Promise<void>;
      iterator: (range: { gte: string; lt: string }) => AsyncIterable<[key: string, value: any]>;
    };
    getTable: (name: string, callback: Callback<Table>) => void;
    getItemDb: (table: string) => SubDatabase;
    getIndexDb: (type: string, table: string, index: string) => SubDatabase;
  };

  const db: {
    create: (options?: DynaliteOptions) => Store;
    validationError: (message: string) => ApiError;
    validateKey: (key: Item, table: Table, schema?: KeySchema) => ApiError | null | undefined;
    validateItem: (item: Item, table: Table) => ApiError | null | undefined;
    validateUpdates: (legacy: undefined, updates: unknown, table: Table) => ApiError | null | undefined;
    validateKeyPiece: (
      key: Item,
      attribute: string,
      type: string,
      isHash: boolean,
    ) => ApiError | null | undefined;
    traverseKey: <T>(
      table: Table,
      visit: (attribute: string, type: string, isHash: boolean) => T,
    ) => T | undefined;
    traverseIndexes: <T>(
      table: Table,
      visit: (attribute: string, type: string, index: Index) => T,
    ) => T | undefined;
    updateIndexes: (
      store: Store,
      table: Table,
      old: Item | undefined,
      item: Item | null,
      done: Callback<void>,
    ) => void;
    createKey: (item: Item, table: Table) => string;
    checkConditional: (operation: object, item: Item | undefined) => ApiError | null | undefined;
    /** The size in bytes. With `compress` it is an estimate of something else. */
    itemSize: (item: Item, compress?: boolean, addMetaSize?: boolean, rangeKey?: string) => number;
    capacityUnits: (item: Item | undefined, isRead: boolean, isConsistent: boolean) => number;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  /** The type and the limits of one member of a request. */
  export type MemberType = string | { type: string; children?: unknown; [limit: string]: unknown };
  export type MemberTypes = Record<string, MemberType>;
  /**
   * Says what is wrong with a request whose members have the right types. Adds its parsed expressions to the request.
   */
  export type CustomValidation = (data: any, store: Store) => string | undefined;

  const validations: {
    /** @throws ApiError (SerializationException) */
    checkTypes: (data: object, types: MemberTypes) => any;
    /** @throws ApiError (ValidationException) */
    checkValidations: (data: object, types: MemberTypes, custom: CustomValidation, store: Store) => void;
  };
  export default validations;
}

/** One for each operation: `dynalite/validations/putItem.js` and so on. */
declare module 'dynalite/validations/*' {
  import type { CustomValidation, MemberTypes } from 'dynalite/validations/index.js';

  const validation: { types: MemberTypes; custom: CustomValidation };
  export default validation;
}

/** One for each operation: `dynalite/actions/putItem.js` and so on. */
declare module 'dynalite/actions/*' {
  import type { Callback, Store } from 'dynalite/db/index.js';

  const action: (store: Store, data: any, callback: Callback<Record<string, any>>) => void;
  export default action;
}
