import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import { type Domain, domainName } from './domain.ts';
import { invalidFields } from './errors.ts';
import { readItems } from './read-items.ts';
import { HOLDS_HOST, hostInSlug } from './slug-field.ts';
import { partition, sort } from './table.ts';
import { writeIf } from './write-if.ts';

const domainKey = (name: string) => ({ pk: partition.domain(name), sk: sort.domain });
const listingKey = (workspaceId: number, name: string) => ({
  pk: partition.workspace(workspaceId),
  sk: sort.domainListing(name),
});

function domainFromItem({ pk: _pk, sk: _sk, ...domain }: Record<string, unknown>): Domain {
  return domain as Domain;
}

/** The domain of this name, read consistently; null when nobody has it. */
export async function readDomain(name: string): Promise<Domain | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: domainKey(name), ConsistentRead: true }),
  );
  return Item ? domainFromItem(Item) : null;
}

/**
 * Sees to it that a domain is the workspace's own.
 * @throws ClientError 422 at `domain` when it is nobody's or another workspace's, which can't be told apart
 */
export async function assertOwnDomain(workspaceId: number, name: string): Promise<void> {
  const domain = await readDomain(name);
  if (domain?.workspace_id === workspaceId) return;
  throw invalidFields({
    domain: [`${name} is not a domain of this workspace: add it first, or leave it out`],
  });
}

/**
 * Sees to it that a slug does not begin with a domain of the workspace, which belongs into `domain`.
 * @throws ClientError 422 at `slug`
 */
export async function assertNoOwnDomain(workspaceId: number, slug: string): Promise<void> {
  const name = domainName.safeParse(hostInSlug(slug)).data;
  if (!name) return;
  const domain = await readDomain(name);
  if (domain?.workspace_id === workspaceId) throw invalidFields({ slug: [HOLDS_HOST] });
}

/** The domains of a workspace, oldest first. A listing whose domain is not the workspace's is half made, or half gone. */
export async function listDomains(workspaceId: number): Promise<Domain[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: tableName(),
      KeyConditionExpression: 'pk = :owner AND begins_with(sk, :domain)',
      ExpressionAttributeValues: {
        ':owner': partition.workspace(workspaceId),
        ':domain': sort.domainPrefix,
      },
      ConsistentRead: true,
    }),
  );
  const domains = (await readItems(Items.map(({ name }) => domainKey(name)))).map(domainFromItem);
  return domains.filter(({ workspace_id }) => workspace_id === workspaceId).sort((a, b) => a.id - b.id);
}

async function removeListing(workspaceId: number, name: string): Promise<void> {
  await table.send(new DeleteCommand({ TableName: tableName(), Key: listingKey(workspaceId, name) }));
}

/**
 * Adds a domain to its workspace: the listing, then the domain itself, so that a crash in between leaves a listing
 * that nobody sees and that a retry completes.
 * @returns false when the domain is another workspace's
 */
export async function addDomain(domain: Domain): Promise<boolean> {
  const { workspace_id, name } = domain;
  await table.send(
    new PutCommand({ TableName: tableName(), Item: { ...listingKey(workspace_id, name), name } }),
  );
  const added = await writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { ...domainKey(name), ...domain },
      // Ours already: an SDK retry of this very write, or a request at the same instant.
      ConditionExpression: 'attribute_not_exists(pk) OR workspace_id = :workspace',
      ExpressionAttributeValues: { ':workspace': workspace_id },
    }),
  );
  if (!added) await removeListing(workspace_id, name);
  return added;
}

/** Takes a domain from its workspace, unless it is another's already: the domain, then its listing. */
export async function removeDomain({ workspace_id, name }: Domain): Promise<void> {
  await writeIf(
    new DeleteCommand({
      TableName: tableName(),
      Key: domainKey(name),
      ConditionExpression: 'attribute_not_exists(pk) OR workspace_id = :workspace',
      ExpressionAttributeValues: { ':workspace': workspace_id },
    }),
  );
  await removeListing(workspace_id, name);
}

/** Sets the icon of a domain. @returns false when the domain is not the workspace's any more */
export function setFavicon({ workspace_id, name }: Domain, favicon: string | null): Promise<boolean> {
  return writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: domainKey(name),
      UpdateExpression: 'SET #favicon = :favicon',
      ConditionExpression: 'workspace_id = :workspace',
      ExpressionAttributeNames: { '#favicon': 'favicon' },
      ExpressionAttributeValues: { ':favicon': favicon, ':workspace': workspace_id },
    }),
  );
}
