import { setTimeout as delay } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { Unavailable } from './errors.ts';
import { table, tableName } from './main-table.ts';

type Item = Record<string, unknown>;

const BATCH_GET_LIMIT = 100;

/** Answers in a row that bring nothing before the table is given up: 0.4 s to 0.8 s in all. */
const FRUITLESS_TRIES = 5;
const FIRST_PAUSE_MS = 50;

/** The pause doubles with each fruitless try. Half of it is drawn, so that callers do not come back all at once. */
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
 * The items of the main table with these keys that exist, in no particular order. Keys that a throttled table leaves
 * out are asked for again, after pauses.
 * @throws Unavailable when the table gives nothing several times in a row
 */
export async function readItems(keys: Item[], { consistent = true } = {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_LIMIT) {
    items.push(...(await readBatch(keys.slice(start, start + BATCH_GET_LIMIT), consistent)));
  }
  return items;
}
