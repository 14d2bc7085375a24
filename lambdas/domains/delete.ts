import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { type Domain, publicDomain } from '../core/domain.ts';
import { removeDomain } from '../core/domain-store.ts';
import { conflict } from '../core/errors.ts';
import { BY_WORKSPACE_INDEX, partition } from '../core/table.ts';
import { ownDomain } from './own.ts';

/** How many links live on a domain, those in the trash included. The index may lag by a moment. */
async function linksOn({ workspace_id, name }: Domain): Promise<number> {
  let links = 0;
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.send(
      new QueryCommand({
        TableName: tableName(),
        IndexName: BY_WORKSPACE_INDEX,
        KeyConditionExpression: 'gsi1pk = :workspace',
        FilterExpression: '#domain = :domain',
        ExpressionAttributeNames: { '#domain': 'domain' },
        ExpressionAttributeValues: { ':workspace': partition.workspace(workspace_id), ':domain': name },
        Select: 'COUNT',
        ExclusiveStartKey,
      }),
    );
    links += page.Count ?? 0;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return links;
}

/** `DELETE /workspace/:id/domains/:id`: 200 with the domain that is gone; 409 while links live on it. */
export const handler = api(async (call) => {
  const domain = await ownDomain(call);
  const links = await linksOn(domain);
  if (links > 0) {
    throw conflict(
      `${links} ${links === 1 ? 'link is' : 'links are'} on ${domain.name}, the trash included: move them to another domain first`,
    );
  }
  await removeDomain(domain);
  return { status: 200, body: { ...publicDomain(domain), deleted: true } };
});
