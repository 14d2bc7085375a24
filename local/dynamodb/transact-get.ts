import getItem from 'dynalite/actions/getItem.js';
import db, { type Store } from 'dynalite/db/index.js';
import { capacityOf, consumed } from './capacity.ts';
import { runDraft } from './draft.ts';
import { findTargets, type OnConflict, type Operation, readItem, withItemsHeld } from './targets.ts';

/**
 * Carries out a request that `transactGetItems` in requests.ts accepts: reads all items at one point in time.
 * @returns DynamoDB's response
 * @throws ApiError
 */
export async function transactGet(store: Store, onConflict: OnConflict, data: any): Promise<object> {
  const operations = data.TransactItems.map(({ Get }: { Get: Operation }) => Get);
  const targets = await findTargets<Operation>(store, operations);
  const items = await withItemsHeld(store, targets, onConflict, () =>
    Promise.all(targets.map((target) => readItem(store, target))),
  );
  const answers = await Promise.all(
    targets.map(({ operation, table }, index) =>
      runDraft(getItem, store, operation, { table, existing: items[index], writes: [] }),
    ),
  );
  const capacities = targets.map((target, index) =>
    capacityOf(target, db.capacityUnits(items[index], true, true)),
  );
  return {
    ...consumed(data.ReturnConsumedCapacity, 'Read', capacities),
    Responses: answers.map(({ Item }) => ({ Item })),
  };
}
