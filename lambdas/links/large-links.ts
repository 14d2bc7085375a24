import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MAX_SENT_BYTES, sentBytes } from '../api/answer.ts';
import { ENV, requiredEnv } from '../env.ts';
import { partition, sort, tableName, writeIf } from '../table.ts';
import { LARGE_LINKS } from '../workspaces/workspace.ts';
import { type Link, MAX_LINK_BYTES, publicLink } from './link.ts';

// A page of a list is cut where its links do not fit into one answer. The first page has to say how many pages there
// are without reading all links; it can, as long as a workspace has no link that is large enough to have pages cut.

/** Most links of one page of a list. */
export const MAX_PAGE_SIZE = 1_000;

/** So many links of this size fit into one answer, whatever page size is asked for. */
const LARGE_BYTES = Math.floor(MAX_SENT_BYTES / MAX_PAGE_SIZE) - ','.length;

/** Counts of clicks of any height, and a host that is longer than today's: the size of a link must not change with them. */
const MARGIN_BYTES = 600;

/** Most bytes of a link in an answer: everything of it may be escaped, and its address is there in full. */
export const MAX_LISTED_BYTES = 2 * MAX_LINK_BYTES + 4_096;

/** Bytes that a link takes in an answer, as `sentBytes` counts them, with its counts: the same in every answer. */
export function listedBytes(link: Link): number {
  return sentBytes(JSON.stringify(publicLink(link, requiredEnv(ENV.baseUrl)))) + MARGIN_BYTES;
}

/** Whether pages of a list may have to be cut because of this link. */
export function isLarge(link: Link): boolean {
  return listedBytes(link) > LARGE_BYTES;
}

/** Marks a workspace in which a list has met a large link, or `large` false, all of whose links were looked at. */
export async function noteLargeLinks(workspaceId: number, large: boolean): Promise<void> {
  await writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
      UpdateExpression: `SET ${LARGE_LINKS} = :large`,
      ConditionExpression: `attribute_exists(pk) AND ${large ? `${LARGE_LINKS} <> :large` : `attribute_not_exists(${LARGE_LINKS})`}`,
      ExpressionAttributeValues: { ':large': large },
    }),
  );
}
