import type { ApiAnswer } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { ClientError } from '../errors.ts';
import { errorsOf, Failure, oneByOne } from './many.ts';
import { restoreLink } from './save.ts';
import { trashLink } from './store.ts';

/** What a call does with each of many links, and how its response names the results. */
type Move = {
  step: (workspaceId: number, linkId: number) => Promise<unknown>;
  /** The ids of links that were moved, and of those that were not. */
  done: string;
  left: string;
  /** The code of an error when some were not moved. */
  code: string;
  message: (links: string) => string;
  error: (left: number, all: number) => string;
};

const TRASH: Move = {
  step: trashLink,
  done: 'deleted',
  left: 'not_deleted',
  code: 'partly_deleted',
  message: (links) => `Moved ${links} to the trash.`,
  error: (left, all) =>
    `Could not confirm that ${left} of ${all} links moved to the trash. Send the ids in not_deleted again.`,
};

const RESTORE: Move = {
  step: restoreLink,
  done: 'restored',
  left: 'not_restored',
  code: 'partly_restored',
  message: (links) => `Restored ${links} from the trash.`,
  error: (left, all) =>
    `Could not confirm that ${left} of ${all} links were restored. The errors field says why. Then send the ids in not_restored again.`,
};

/** @returns false when the workspace has no such link */
async function moveOne({ step }: Move, workspaceId: number, linkId: number): Promise<boolean> {
  try {
    await step(workspaceId, linkId);
    return true;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.status === 404) return false;
    // The errors of the response are about ids. The sentence names the field of the link.
    throw new ClientError(error.status, error.code, error.message);
  }
}

async function moveMany(move: Move, call: ApiCall, sent: (number | undefined)[]): Promise<ApiAnswer> {
  const ids = [...new Set(sent)].filter((id) => id !== undefined);
  const results = await oneByOne(call, 'ids', ids, (linkId) => moveOne(move, call.workspaceId, linkId));
  const idsWhere = (holds: (result: (typeof results)[number] | undefined) => boolean) =>
    ids.filter((_, index) => holds(results[index]));
  const done = idsWhere((result) => result === true);
  const not_found = idsWhere((result) => result === false);
  const left = idsWhere((result) => result instanceof Failure);
  if (left.length === 0) {
    const message = move.message(`${done.length} ${done.length === 1 ? 'link' : 'links'}`);
    return { status: 200, body: { message, [move.done]: done, not_found } };
  }
  const error = move.error(left.length, ids.length);
  const errors = errorsOf(results, (index) => `ids.${sent.indexOf(ids[index] ?? 0)}`);
  const body = { error, code: move.code, errors, [move.done]: done, not_found, [move.left]: left };
  return { status: 422, body };
}

/**
 * Moves links to the trash. The response lists those that are missing. When some could not be moved, a 422 lists them.
 * Deleting a link twice changes nothing, so you can repeat the whole call.
 */
export const trashMany = (call: ApiCall, sent: (number | undefined)[]) => moveMany(TRASH, call, sent);

/**
 * Restores links from the trash. The response lists those that are missing. When some could not be restored, a 422
 * lists them. Links in use stay as they are, so you can repeat the whole call.
 */
export const restoreMany = (call: ApiCall, sent: (number | undefined)[]) => moveMany(RESTORE, call, sent);
