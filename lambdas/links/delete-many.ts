import type { ApiAnswer } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { ClientError } from '../errors.ts';
import { errorsByPlace, inTurn, NotDone } from './in-turn.ts';
import { trashLink } from './store.ts';

/** @returns false when the workspace has no such link */
async function trash(workspaceId: number, linkId: number): Promise<boolean> {
  try {
    await trashLink(workspaceId, linkId);
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.status === 404) return false;
    throw error;
  }
}

/**
 * Moves links to the trash; those that are missing are named. When some could not be moved, a 422 names them. Deleting
 * a link twice changes nothing, so the whole call can be repeated.
 */
export async function trashMany(call: ApiCall, sent: (number | undefined)[]): Promise<ApiAnswer> {
  const ids = [...new Set(sent)].filter((id) => id !== undefined);
  const results = await inTurn(call, 'ids', ids, (linkId) => trash(call.workspaceId, linkId));
  const idsWhere = (holds: (result: (typeof results)[number] | undefined) => boolean) =>
    ids.filter((_, index) => holds(results[index]));
  const deleted = idsWhere((result) => result === true);
  const not_found = idsWhere((result) => result === false);
  const not_deleted = idsWhere((result) => result instanceof NotDone);
  if (not_deleted.length === 0) {
    return {
      status: 200,
      body: {
        message: `Moved ${deleted.length} ${deleted.length === 1 ? 'link' : 'links'} to the trash.`,
        deleted,
        not_found,
      },
    };
  }
  const error = `Could not confirm that ${not_deleted.length} of ${ids.length} links moved to the trash. Send the ids in not_deleted again.`;
  const errors = errorsByPlace(results, (index) => `ids.${sent.indexOf(ids[index] ?? 0)}`);
  return { status: 422, body: { error, code: 'partly_deleted', errors, deleted, not_found, not_deleted } };
}
