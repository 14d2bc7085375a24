/**
 * A DynamoDB (dynalite) with this many links, written directly into its store, because a million of them would take a
 * quarter of an hour through its API. Arguments: the folder and the number of links.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import dynalite from 'dynalite';
import { benchLink, dynamoDbItem } from '../samples.ts';

const [folder = '', links = '0'] = process.argv.slice(2);
const BATCH = 10_000;
const TABLE = {
  TableName: 'Main',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

const require = createRequire(import.meta.url);
const db = require('dynalite/db');

async function fill(): Promise<void> {
  const store = db.create({ path: folder, createTableMs: 0 });
  const table = {
    ...TABLE,
    TableStatus: 'ACTIVE',
    BillingMode: 'PAY_PER_REQUEST',
    ItemCount: 0,
    TableSizeBytes: 0,
  };
  await promisify(store.tableDb.put)(TABLE.TableName, table);
  const items = store.getItemDb(TABLE.TableName);
  for (let first = 0; first < Number(links); first += BATCH) {
    const numbers = Array.from(
      { length: Math.min(BATCH, Number(links) - first) },
      (_, index) => first + index,
    );
    const puts = numbers.map((number) => {
      const item = dynamoDbItem(benchLink({ id: number + 1, slug: `/link-${number}` }));
      return { type: 'put', key: db.createKey(item, table), value: item };
    });
    await promisify(items.batch)(puts);
  }
  await store.db.close();
}

await fill();
const server = dynalite({ path: folder, createTableMs: 0 });
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
