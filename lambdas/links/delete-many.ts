import { api } from '../core/api.ts';
import { ClientError } from '../core/errors.ts';
import { parseBody } from '../core/input.ts';
import { updateLink } from '../core/link-store.ts';
import { deletionSchema } from './requests.ts';

/** @returns false when the workspace has no such link */
async function trash(workspaceId: number, linkId: number): Promise<boolean> {
  try {
    await updateLink(workspaceId, linkId, () => ({ deleted: true, enabled: false }));
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.status === 404) return false;
    throw error;
  }
}

/** `DELETE /workspace/:id/links {ids}`: moves links to the trash; those that are not there are named. */
export const handler = api(async ({ workspaceId, body }) => {
  const ids = [...new Set(parseBody(deletionSchema, body).ids)];
  const deleted: number[] = [];
  for (const linkId of ids) {
    if (await trash(workspaceId, linkId)) deleted.push(linkId);
  }
  const not_found = ids.filter((linkId) => !deleted.includes(linkId));
  return { status: 200, body: { message: `${deleted.length} links are in the trash`, deleted, not_found } };
});
