import type { Operation, Target } from './targets.ts';

/** A transaction is charged twice for each item: once to prepare it and once to commit it. */
const UNITS_FACTOR = 2;

type Capacity = { table: string; units: number };

/** The charge of one operation in a transaction, if it costs `units` alone. */
export const capacityOf = ({ table }: Target<Operation>, units: number): Capacity => ({
  table: table.TableName,
  units: units * UNITS_FACTOR,
});

/**
 * The part of a response that says what a transaction was charged, by table. Empty if the request did not ask for it
 * (`detail` is its ReturnConsumedCapacity). Indexes are not counted, as in dynalite.
 */
export function consumed(detail: string | undefined, kind: 'Read' | 'Write', capacities: Capacity[]): object {
  if (detail !== 'TOTAL' && detail !== 'INDEXES') return {};
  const byTable = new Map<string, number>();
  for (const { table, units } of capacities) byTable.set(table, (byTable.get(table) ?? 0) + units);
  const ConsumedCapacity = [...byTable].map(([TableName, units]) => {
    const charged = { CapacityUnits: units, [`${kind}CapacityUnits`]: units };
    return { TableName, ...charged, ...(detail === 'INDEXES' && { Table: charged }) };
  });
  return { ConsumedCapacity };
}
