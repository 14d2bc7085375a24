import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { partition, sort } from './table.ts';

/** The next integer id of an entity, from 1 on. Ids may be skipped, none is given twice. */
export async function nextId(
  table: DynamoDBDocumentClient,
  TableName: string,
  entity: Parameters<typeof partition.counter>[0],
): Promise<number> {
  const { Attributes } = await table.send(
    new UpdateCommand({
      TableName,
      Key: { pk: partition.counter(entity), sk: sort.counter },
      UpdateExpression: 'ADD #last :one',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Attributes?.last;
}
