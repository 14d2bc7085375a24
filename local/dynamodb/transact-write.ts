import deleteItem from 'dynalite/actions/deleteItem.js';
import putItem from 'dynalite/actions/putItem.js';
import updateItem from 'dynalite/actions/updateItem.js';
import db, { type Item, type Store, type Write } from 'dynalite/db/index.js';
import { capacityOf, consumed } from './capacity.ts';
import { type Action, runDraft } from './draft.ts';
import { type CancellationReason, isApiError, NONE, transactionCanceled } from './errors.ts';
import type { RequestTokens } from './request-tokens.ts';
import {
  findTargets,
  type OnConflict,
  type Operation,
  readItem,
  type Target,
  withItemsHeld,
} from './targets.ts';

/** "The aggregate size of the items in the transaction cannot exceed 4 MB." */
const MAX_BYTES = 4 * 1024 * 1024;

type WriteOperation = Operation & { kind: string; ReturnValuesOnConditionCheckFailure?: string };
type WriteTarget = Target<WriteOperation>;
/** The result of one operation. `bytes` is the size of its item before or after, whichever is larger. */
type Outcome = { reason: CancellationReason; writes: Write[]; units: number; bytes: number };

/** What TransactWriteItems needs in addition to the request. */
export type WriteContext = { store: Store; tokens: RequestTokens; onConflict: OnConflict };

/**
 * ConditionCheck is the only operation that dynalite has no action for. The store that it gets contains only one item.
 */
const checkCondition: Action = (store, operation, done) =>
  store.getItemDb(operation.TableName).get('', (_error, item) => done(db.checkConditional(operation, item)));

const ACTIONS: Record<string, Action> = {
  Put: putItem,
  Update: updateItem,
  Delete: deleteItem,
  ConditionCheck: checkCondition,
};

/** Checks the item after the operation, because only an update does not know it in advance. */
const UPDATED: Record<string, string> = { Update: 'ALL_NEW' };

/** Says why the operation cancels the transaction. */
function reasonOf(error: unknown, operation: WriteOperation, existing: Item | undefined): CancellationReason {
  if (!isApiError(error)) throw error;
  const { message } = error;
  if (!String(error.body.__type).endsWith('ConditionalCheckFailedException'))
    return { Code: 'ValidationError', Message: message };
  const shown = operation.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? existing : undefined;
  return { Code: 'ConditionalCheckFailed', ...(shown && { Item: shown }), Message: message };
}

async function prepare(store: Store, target: WriteTarget): Promise<Outcome> {
  const { operation, table } = target;
  const existing = await readItem(store, target);
  const draft = { table, existing, writes: [] as Write[] };
  const returned = { ReturnConsumedCapacity: 'TOTAL', ReturnValues: UPDATED[operation.kind] };
  let reason = NONE;
  let answer: Record<string, any> = {};
  try {
    answer = await runDraft(ACTIONS[operation.kind] as Action, store, { ...operation, ...returned }, draft);
  } catch (error) {
    reason = reasonOf(error, operation, existing);
  }
  const items = [operation.Item, answer.Attributes as Item | undefined, existing];
  return {
    reason,
    writes: draft.writes,
    units: answer.ConsumedCapacity?.CapacityUnits ?? db.capacityUnits(existing, false, true),
    bytes: Math.max(...items.map((item) => (item ? db.itemSize(item) : 0))),
  };
}

/** Writes everything or nothing: LevelDB keeps a batch as one record of its log, so a crash cannot leave half of it. */
async function writeOnce(context: WriteContext, targets: WriteTarget[], tokenWrites: () => Write[]) {
  const { store } = context;
  return withItemsHeld(store, targets, context.onConflict, async () => {
    const outcomes: Outcome[] = [];
    for (const target of targets) outcomes.push(await prepare(store, target));
    if (outcomes.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES)
      throw db.validationError('The aggregate size of the items in the transaction cannot exceed 4 MB');
    const reasons = outcomes.map(({ reason }) => reason);
    if (reasons.some((reason) => reason !== NONE)) throw transactionCanceled(reasons);
    await store.db.batch([...outcomes.flatMap(({ writes }) => writes), ...tokenWrites()]);
    return targets.map((target, index) => capacityOf(target, outcomes[index]?.units ?? 0));
  });
}

/** The response to a request that was carried out before. Only reading is charged. */
async function readAgain(store: Store, targets: WriteTarget[]) {
  const items = await Promise.all(targets.map((target) => readItem(store, target)));
  return targets.map((target, index) => capacityOf(target, db.capacityUnits(items[index], true, true)));
}

/**
 * Carries out a request that `transactWriteItems` in requests.ts accepts.
 * @returns DynamoDB's response
 * @throws ApiError; then nothing is written
 */
export async function transactWrite(context: WriteContext, data: any): Promise<object> {
  const { store, tokens } = context;
  const operations = data.TransactItems.map((element: Record<string, Operation>): WriteOperation => {
    const [kind, operation] = Object.entries(element)[0] as [string, Operation];
    return { kind, ...operation };
  });
  const first = async (tokenWrites: () => Write[]) => {
    const targets = await findTargets<WriteOperation>(store, operations);
    return consumed(data.ReturnConsumedCapacity, 'Write', await writeOnce(context, targets, tokenWrites));
  };
  const again = async () => {
    const targets = await findTargets<WriteOperation>(store, operations);
    return consumed(data.ReturnConsumedCapacity, 'Read', await readAgain(store, targets));
  };
  const token = data.ClientRequestToken;
  return token === undefined ? first(() => []) : tokens.once(token, data._fingerprint, first, again);
}
