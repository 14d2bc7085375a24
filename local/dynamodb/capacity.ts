import type { Operation, Target } from './targets.ts';

/** A transaction is charged twice for each item: once to prepare, once to commit. */
const UNITS_FACTOR = 2;

type Capacity = { table: string; units: number };

/** What one operation is charged, in a transaction, if it costs `units` alone. */
export const capacityOf = ({ table }: Target<Operation>, units: number): Capacity => ({
  table: table.TableName,
  units: units * UNITS_FACTOR,
});

/**
 * The part of an answer that says what a transaction was charged, by table; empty when nobody asked (`detail` is the
 * request's ReturnConsumedCapacity). Indexes are not counted, as in dynalite.
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
