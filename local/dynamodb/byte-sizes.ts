/**
 * DynamoDB measures keys and items in UTF-8 bytes. dynalite counts the characters of JavaScript strings, and does not
 * measure index keys at all. Importing this module corrects dynalite's rules for all its operations.
 */
import db, { type ApiError, type AttributeValue, type Item, type Table } from 'dynalite/db/index.js';

const MAX_PARTITION_KEY_BYTES = 2_048;
const MAX_SORT_KEY_BYTES = 1_024;

const surplusOf = (text: string) => Buffer.byteLength(text) - text.length;

function surplusOfValue({ S, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return surplusOf(S);
  if (SS !== undefined) return SS.reduce((sum: number, text: string) => sum + surplusOf(text), 0);
  if (L !== undefined)
    return L.reduce((sum: number, value: AttributeValue) => sum + surplusOfValue(value), 0);
  return M === undefined ? 0 : surplusOfItem(M);
}

/** How many more UTF-8 bytes than characters the names and texts of an item have. */
function surplusOfItem(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + surplusOf(name) + surplusOfValue(value),
    0,
  );
}

function keyBytes(value: AttributeValue | undefined, type: string): number {
  const text = value?.[type];
  if (typeof text !== 'string' || type === 'N') return 0;
  return Buffer.byteLength(text, type === 'B' ? 'base64' : 'utf8');
}

/** AWS's own sentences, including the missing space. */
function oversizedPiece(
  value: AttributeValue | undefined,
  type: string,
  isHash: boolean,
): ApiError | undefined {
  if (keyBytes(value, type) <= (isHash ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES)) return undefined;
  const what = isHash
    ? `Size of hashkey has exceeded the maximum size limit of${MAX_PARTITION_KEY_BYTES} bytes`
    : `Aggregated size of all range keys has exceeded the size limit of ${MAX_SORT_KEY_BYTES} bytes`;
  return db.validationError(`One or more parameter values were invalid: ${what}`);
}

const oversizedKey = (key: Item, table: Table) =>
  db.traverseKey(table, (name, type, isHash) => oversizedPiece(key[name], type, isHash));

const oversizedIndexKey = (item: Item, table: Table) =>
  db.traverseIndexes(table, (name, type, { KeySchema }) =>
    oversizedPiece(item[name], type, KeySchema[0]?.AttributeName === name),
  );

const loose = { ...db };

db.itemSize = (item, compress, ...rest) =>
  loose.itemSize(item, compress, ...rest) + (compress ? 0 : surplusOfItem(item));

db.validateKey = (key, table, schema) =>
  loose.validateKey(key, table, schema) ?? (schema ? undefined : oversizedKey(key, table));

db.validateKeyPiece = (key, name, type, isHash) =>
  loose.validateKeyPiece(key, name, type, isHash) ?? oversizedPiece(key[name], type, isHash);

db.validateItem = (item, table) =>
  loose.validateItem(item, table) ?? oversizedKey(item, table) ?? oversizedIndexKey(item, table);

// The result of an update is known only after it is applied. A put was rejected earlier, with the sentence above.
db.updateIndexes = (store, table, old, item, done) => {
  if (!item || !oversizedIndexKey(item, table)) return loose.updateIndexes(store, table, old, item, done);
  return done(
    db.validationError(
      'The update expression attempted to update the secondary index key beyond allowed size limits',
    ),
  );
};
