import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conflict, invalidFields } from '../errors.ts';
import { readAllLinks } from '../links/link-index.ts';
import { counted, countLinks, type LinkNumbers, NUMBERS, SETTLED_MS } from '../links/totals.ts';
import { changeOwner, readOwner, untilWon } from '../owner-list.ts';
import { nextId, partition, readItems, sort, table, tableName, writeIf } from '../table.ts';
import { asRead, type Operation, transact } from '../transaction.ts';
import { type Domain, MAX_DOMAINS } from './domain.ts';

const domainKey = (name: string) => ({ pk: partition.domain(name), sk: sort.domain });
const listingKey = (workspaceId: number, name: string) => ({
  pk: partition.workspace(workspaceId),
  sk: sort.domainListing(name),
});

function domainFromItem({ pk: _pk, sk: _sk, ...domain }: Record<string, unknown>): Domain {
  return domain as Domain;
}

/** The domain with this name, read consistently; null when no workspace has it. */
export async function readDomain(name: string): Promise<Domain | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: domainKey(name), ConsistentRead: true }),
  );
  return Item ? domainFromItem(Item) : null;
}

/** 422 at `domain` for a domain that no workspace or another workspace has. The response is the same for both. */
export function notOwnDomain(name: string) {
  return invalidFields({
    domain: [`${name} is not a domain of this workspace. Add it first, or leave the domain out`],
  });
}

/** Checks that a domain belongs to the workspace. @throws ClientError 422 */
export async function assertOwnDomain(workspaceId: number, name: string): Promise<void> {
  const domain = await readDomain(name);
  if (domain?.workspace_id !== workspaceId) throw notOwnDomain(name);
}

/**
 * The domains of a workspace, oldest first. An old listing may have no domain, because the two were once written
 * separately.
 */
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

/**
 * Adds a domain to a workspace, unless it has the domain already.
 * @throws ClientError 422 at `name` when another workspace has it, 409 when the workspace has reached its limit
 */
export async function addDomain(
  workspaceId: number,
  name: string,
): Promise<{ domain: Domain; added: boolean }> {
  const owner = partition.workspace(workspaceId);
  return untilWon(async () => {
    const read = await readOwner(owner);
    const known = await readDomain(name);
    if (known?.workspace_id === workspaceId) return { domain: known, added: false };
    if ((await listDomains(workspaceId)).length >= MAX_DOMAINS) {
      throw conflict(`This workspace has ${MAX_DOMAINS} domains, which is the limit. Delete one first.`);
    }
    if (known) throw invalidFields({ name: [`${name} is already taken`] });
    const identity = { id: await nextId('DOMAIN'), name, workspace_id: workspaceId };
    const domain = { ...identity, favicon: null, inserted_at: new Date().toISOString() };
    const numbers = { [NUMBERS.inUse]: 0, [NUMBERS.inTrash]: 0 };
    const refused = await transact({
      owner: changeOwner(owner, read),
      domain: {
        Put: {
          Item: { ...domainKey(name), ...domain, ...numbers },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      listing: { Put: { Item: { ...listingKey(workspaceId, name), name } } },
    });
    return refused.size === 0 ? { domain, added: true } : undefined;
  });
}

/** How many links the index shows on a domain, including those in the trash. */
async function linksInIndex({ workspace_id, name }: Domain): Promise<number> {
  const states = [false, true].map((deleted) => readAllLinks({ workspaceId: workspace_id, deleted }));
  const links = (await Promise.all(states)).flat();
  return links.filter(({ domain }) => domain === name).length;
}

/**
 * How many links use a domain, including those in the trash. The domain's own numbers are enough to know that it has
 * none, or that some are in use. Links expire from the trash without a request, and an old domain has no numbers yet.
 * In these cases the function counts in the index, and trusts it when no link was added or removed for a while.
 * @throws ClientError 409 when a link was added or removed just now
 */
export async function linksOn(domain: Domain): Promise<number> {
  const { links_changed_at = 0, name } = domain;
  const [inUse, inTrash] = [counted(domain.link_count), counted(domain.trash_count)];
  if (inUse === 0 && inTrash === 0) return 0;
  if (inUse) return inUse + (inTrash ?? 0);
  const links = await linksInIndex(domain);
  if (links === 0 && Date.now() - links_changed_at < SETTLED_MS) {
    throw conflict(`Links were added to ${name} or removed from it a moment ago. Try again in a minute.`);
  }
  return links;
}

/**
 * Removes a domain from its workspace. @returns false when links were added or removed since it was read, or when it no
 * longer exists
 */
export async function removeDomain(read: Domain): Promise<boolean> {
  const { condition, values } = asRead(read, 'workspace_id', ...Object.values(NUMBERS));
  const { workspace_id, name } = read;
  const refused = await transact({
    domain: {
      Delete: {
        Key: domainKey(name),
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
      },
    },
    listing: { Delete: { Key: listingKey(workspace_id, name) } },
  });
  return refused.size === 0;
}

/** Counts links that are added to a workspace's own domain or removed from it. */
export function countOnDomain(workspaceId: number, name: string, change: LinkNumbers): Operation {
  const own = { condition: 'workspace_id = :workspace', values: { ':workspace': workspaceId } };
  return countLinks(domainKey(name), own, change);
}

/** Sets the icon of a domain. @returns false when the workspace no longer has the domain */
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
