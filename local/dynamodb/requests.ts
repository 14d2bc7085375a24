/**
 * The members of TransactWriteItems and TransactGetItems, in the format of dynalite's own validations. The types and
 * rules of their operations are those of dynalite's single operations.
 */
import { createHash } from 'node:crypto';
import deleteItem from 'dynalite/validations/deleteItem.js';
import getItem from 'dynalite/validations/getItem.js';
import type { CustomValidation, MemberTypes } from 'dynalite/validations/index.js';
import putItem from 'dynalite/validations/putItem.js';
import updateItem from 'dynalite/validations/updateItem.js';

const EXPRESSION_PARTS = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];

/** Selects members of a single operation for an operation of a transaction. `required` are the mandatory ones. */
function operation(name: string, { types }: { types: MemberTypes }, members: string[], required?: string) {
  const picked = Object.entries(types).filter(([member]) => members.includes(member));
  const children: Record<string, unknown> = Object.fromEntries(picked);
  if (required) children[required] = { type: 'String', notNull: true };
  return { type: `FieldStruct<${name}>`, children };
}

function written(
  name: string,
  validation: { types: MemberTypes },
  subject: 'Item' | 'Key',
  required?: string,
) {
  const members = ['TableName', subject, 'UpdateExpression', 'ConditionExpression', ...EXPRESSION_PARTS];
  const { type, children } = operation(name, validation, members, required);
  const onFailure = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
  return { type, children: { ...children, ReturnValuesOnConditionCheckFailure: onFailure } };
}

const listOf = (name: string, children: object) => ({
  type: 'List',
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 100,
  children: { type: `ValueStruct<${name}>`, children },
});

/** Each kind of write, with the rules of the corresponding single operation. */
const WRITES: Record<string, CustomValidation> = {
  Put: putItem.custom,
  Update: updateItem.custom,
  Delete: deleteItem.custom,
  ConditionCheck: deleteItem.custom,
};

/** The same text for every spelling of a request, whatever the order of its members. */
function fingerprintOf(data: unknown): string {
  const sorted = JSON.stringify(data, (_key, value) =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  return createHash('sha256').update(sorted).digest('hex');
}

export const transactWriteItems: { types: MemberTypes; custom: CustomValidation } = {
  types: {
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    ReturnConsumedCapacity: putItem.types.ReturnConsumedCapacity ?? 'String',
    ReturnItemCollectionMetrics: putItem.types.ReturnItemCollectionMetrics ?? 'String',
    TransactItems: listOf('TransactWriteItem', {
      ConditionCheck: written('ConditionCheck', deleteItem, 'Key', 'ConditionExpression'),
      Put: written('Put', putItem, 'Item'),
      Delete: written('Delete', deleteItem, 'Key'),
      Update: written('Update', updateItem, 'Key', 'UpdateExpression'),
    }),
  },
  custom: (data, store) => {
    // Taken before the rules add the parsed expressions.
    data._fingerprint = fingerprintOf(data);
    for (const element of data.TransactItems) {
      const kinds = Object.keys(element ?? {});
      const [kind] = kinds;
      if (!kind)
        return 'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request';
      if (kinds.length > 1) return 'TransactItems can only contain one of Check, Put, Update or Delete';
      const problem = WRITES[kind]?.(element[kind], store);
      if (problem) return problem;
    }
    return undefined;
  },
};

const get = operation('Get', getItem, [
  'TableName',
  'Key',
  'ProjectionExpression',
  'ExpressionAttributeNames',
]);

export const transactGetItems: { types: MemberTypes; custom: CustomValidation } = {
  types: {
    ReturnConsumedCapacity: getItem.types.ReturnConsumedCapacity ?? 'String',
    TransactItems: listOf('TransactGetItem', { Get: { ...get, notNull: true } }),
  },
  custom: (data, store) => {
    for (const element of data.TransactItems) {
      const problem = element ? getItem.custom(element.Get, store) : 'TransactGetRequest should contain Get';
      if (problem) return problem;
    }
    return undefined;
  },
};
