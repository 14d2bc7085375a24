import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Unavailable } from './errors.ts';
import { type Item, table, tableName } from './table.ts';

type Condition = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

/** One operation on one item of the main table. */
export type Operation =
  | { Put: { Item: Item } & Condition }
  | { Update: { Key: Item; UpdateExpression: string } & Condition }
  | { Delete: { Key: Item } & Condition }
  | { ConditionCheck: { Key: Item; ConditionExpression: string } & Condition };

/** Operations, each with a name that says what it is for. Undefined operations are left out. */
export type Operations<Name extends string = string> = Partial<Record<Name, Operation | undefined>>;

/** Temporary reasons: another request used one of the items, or the table was throttled. */
const TEMPORARY = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * The number of tries of one transaction, and the longest pause between two: at most 2 s in all, within every
 * function's timeout.
 */
const TRIES = 12;
const LONGEST_PAUSE_MS = 250;
const FIRST_PAUSE_MS = 20;

/** A pause that grows with each try. It is random, so that conflicting requests do not conflict again. */
const pauseMs = (tries: number) => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);

/** Sends a transaction. @returns the code of each operation when it was cancelled, else null */
async function send(input: TransactWriteCommandInput): Promise<string[] | null> {
  try {
    await table.send(new TransactWriteCommand(input));
    return null;
  } catch (error) {
    const { name, CancellationReasons: reasons } = error as {
      name?: string;
      CancellationReasons?: { Code?: string }[];
    };
    if (name === 'TransactionInProgressException') return ['TransactionConflict'];
    const codes = reasons?.map(({ Code = 'None' }) => Code);
    if (name !== 'TransactionCanceledException' || codes === undefined) throw error;
    const failed = codes.filter((code) => code !== 'None');
    if (!failed.includes('ConditionalCheckFailed') && !failed.every((code) => TEMPORARY.has(code)))
      throw error;
    return codes;
  }
}

/**
 * Writes all of these operations or none: at most 100, on as many items. A conflict with another request and throttling
 * are retried. All tries share a token, so that a try whose answer was lost writes nothing twice.
 * @returns the names of the operations whose conditions did not hold; if there are none, everything is written
 * @throws Unavailable when conflicts continue
 */
export async function transact<Name extends string>(operations: Operations<Name>): Promise<Set<Name>> {
  const named = (Object.entries(operations) as [Name, Operation | undefined][]).filter(([, one]) => one);
  const TransactItems = named.map(([, operation]) => {
    const [[kind, parameters] = []] = Object.entries(operation ?? {});
    return { [kind ?? '']: { TableName: tableName(), ...parameters } };
  }) as TransactWriteCommandInput['TransactItems'];
  const input = { TransactItems, ClientRequestToken: randomUUID() };
  for (let tries = 1; ; tries++) {
    const codes = await send(input);
    if (codes === null) return new Set();
    const refused = named.filter((_, index) => codes[index] === 'ConditionalCheckFailed');
    if (refused.length > 0) return new Set(refused.map(([name]) => name));
    if (tries === TRIES) throw new Unavailable(`A transaction conflicted with others in ${tries} tries`);
    await delay(pauseMs(tries));
  }
}

/** The condition that attributes of an item are unchanged since it was read, including missing ones. */
export function asRead(item: Item, ...names: string[]) {
  const known = names.filter((name) => item[name] !== undefined);
  const terms = names.map((name) =>
    known.includes(name) ? `${name} = :read_${name}` : `attribute_not_exists(${name})`,
  );
  return {
    condition: terms.join(' AND '),
    values: Object.fromEntries(known.map((name) => [`:read_${name}`, item[name]])),
  };
}
