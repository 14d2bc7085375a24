import { BatchGetCommand, type BatchGetCommandOutput } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';

type Item = Record<string, unknown>;

const BATCH_GET_LIMIT = 100;

/** The items of the main table with these keys that exist, in no particular order. */
export async function readItems(keys: Item[], { consistent = true } = {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_LIMIT) {
    let pending: Item[] | undefined = keys.slice(start, start + BATCH_GET_LIMIT);
    while (pending?.length) {
      const answer: BatchGetCommandOutput = await table.send(
        new BatchGetCommand({
          RequestItems: { [tableName()]: { Keys: pending, ConsistentRead: consistent } },
        }),
      );
      items.push(...(answer.Responses?.[tableName()] ?? []));
      pending = answer.UnprocessedKeys?.[tableName()]?.Keys;
    }
  }
  return items;
}
