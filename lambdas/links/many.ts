import { setTimeout as delay } from 'node:timers/promises';
import { MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import { type ApiAnswer, type ErrorBody, errorBody } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { serviceErrorBody } from '../api/service-errors.ts';
import { ClientError, type FieldErrors, invalidFields, Unavailable } from '../errors.ts';
import { MAX_HOOK_URL_LENGTH, MAX_HOOKS_PER_OWNER } from '../hooks/hook.ts';
import { MAX_LINKS_PER_CALL } from './fields.ts';
import { type CheckedLink, checkLink, saveLink } from './save.ts';
import { trashLink } from './store.ts';
import { MAX_LISTED_BYTES } from './totals.ts';

// Calls that save or delete many links, one after the other. One that fails stops no other.

/** Why one of many failed, or may have failed. `fields` has the same reason by field, as the whole call reports it. */
class Failure {
  readonly body: ErrorBody;
  readonly fields: FieldErrors;

  constructor(body: ErrorBody, fields: FieldErrors) {
    this.body = body;
    this.fields = fields;
  }
}

/** One that was not started, so that it is safe to send it again. */
function skipped(field: string, because: string): Failure {
  const sentence = `was skipped because ${because}: send it again`;
  return new Failure({ error: `${field}: ${sentence}`, code: 'not_tried' }, { [field]: [sentence] });
}

/** The least time for starting another one, because hashing a password takes up to a second. */
const LAST_START_MS = 2_500;
/** When only this much time is left, the call answers without waiting for the current one. */
const LAST_WAIT_MS = 1_000;

/** @throws Unavailable when the step is unfinished when the call has to answer */
async function untilTheEnd<R>(step: Promise<R>, { remainingMs }: ApiCall): Promise<R> {
  const waitMs = remainingMs() - LAST_WAIT_MS;
  if (!Number.isFinite(waitMs)) return step;
  const abort = new AbortController();
  const end = delay(Math.max(waitMs, 0), undefined, { signal: abort.signal }).then(() => {
    throw new Unavailable('One of many was unfinished when the call had to answer');
  });
  return Promise.race([step, end]).finally(() => abort.abort());
}

/** Why one of many failed, by who can fix it. */
function failureOf(error: unknown, field: string, { requestId }: ApiCall): Failure {
  if (error instanceof ClientError) {
    return new Failure(errorBody(error), error.fields ?? { [field]: [error.message] });
  }
  const body = serviceErrorBody(error, { requestId, writes: true });
  return new Failure(body, { [field]: [body.error] });
}

/**
 * Does one thing for each of many, as long as there is time for another.
 * @param field names one of them in errors, such as `link`
 * @param step what is done; it may skip one
 * @returns for each what its step gave, or why it failed
 */
async function oneByOne<T, R>(
  call: ApiCall,
  field: string,
  many: T[],
  step: (one: T) => Promise<R | Failure>,
): Promise<(R | Failure)[]> {
  const results: (R | Failure)[] = [];
  for (const one of many) {
    if (call.remainingMs() < LAST_START_MS) {
      results.push(skipped(field, 'the call ran out of time'));
      continue;
    }
    try {
      results.push(await untilTheEnd(step(one), call));
    } catch (error) {
      results.push(failureOf(error, field, call));
    }
  }
  return results;
}

/** The errors of a list. `nameOf` gives the name of a field of the one at an index, such as `2.slug`. */
function errorsOf(results: unknown[], nameOf: (index: number, field: string) => string): FieldErrors {
  const errors = results.flatMap((result, index) =>
    result instanceof Failure
      ? Object.entries(result.fields).map(([field, sentences]) => [nameOf(index, field), sentences] as const)
      : [],
  );
  return Object.fromEntries(errors);
}

/** Links that are checked side by side: each may look up the names of its webhooks. */
const CHECKED_AT_ONCE = 10;
/** The least time that checks must leave for saving. */
const SAVING_MS = 4_000;

/** An element of the array that is no object. */
const notALink = (index: number) =>
  invalidFields({
    link: [`must be an object with the fields of a link: the element at index ${index} is not an object`],
  });

/** What is wrong with an id that no link of the workspace has. The id has been checked, so it is only digits. */
const noSuchLink = (id: unknown) =>
  `${id} is not the id of a link in this workspace: correct the id, or leave it out to create a link`;

/** @throws ClientError 422 with what is wrong with any link, by its index; nothing is written then */
async function checkMany({ workspaceId, remainingMs }: ApiCall, list: unknown[]): Promise<CheckedLink[]> {
  const checked: CheckedLink[] = [];
  const faults: FieldErrors[] = [];
  const check = async (one: unknown, index: number) => {
    try {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) throw notALink(index);
      checked[index] = await checkLink(workspaceId, one);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const isMissing = error.status === 404;
      faults[index] = isMissing
        ? { link: [noSuchLink((one as { id?: unknown }).id)] }
        : (error.fields ?? { link: [error.message] });
    }
  };
  for (let start = 0; start < list.length; start += CHECKED_AT_ONCE) {
    if (remainingMs() < SAVING_MS) {
      throw invalidFields({
        body: ['took too long to check, and nothing was saved: send fewer links or webhooks at a time'],
      });
    }
    const some = list.slice(start, start + CHECKED_AT_ONCE);
    await Promise.all(some.map((one, index) => check(one, start + index)));
  }
  const named = faults.flatMap((fields, index) =>
    Object.entries(fields).map(([field, sentences]) => [`${index}.${field}`, sentences] as const),
  );
  if (named.length > 0) throw invalidFields(Object.fromEntries(named));
  return checked;
}

/**
 * Most new passwords of one call. Hashing one takes 0.17 s of a whole processor, and a function of 512 MB has 0.29 of
 * one: ten take 6 s of the 10 s that a call has.
 */
const MAX_PASSWORDS_PER_CALL = 10;

/** @throws ClientError 422 at each new password that is more than one call hashes */
function assertFewPasswords(links: CheckedLink[]): void {
  const indexes = links.flatMap(({ password }, index) => (typeof password === 'string' ? [index] : []));
  const sentence = `exceeds the limit of ${MAX_PASSWORDS_PER_CALL} new passwords per call: send this link in another call`;
  const tooMany = indexes.slice(MAX_PASSWORDS_PER_CALL).map((index) => [`${index}.password`, [sentence]]);
  if (tooMany.length > 0) throw invalidFields(Object.fromEntries(tooMany));
}

/** A saved link in the answer, with all the webhooks that it may have. */
const MAX_SAVED_BYTES = MAX_LISTED_BYTES + MAX_HOOKS_PER_OWNER * (MAX_HOOK_URL_LENGTH + 8);

/** Saves a list of links. If any link is invalid, none is saved; otherwise they are saved one by one, with a result for each. */
export async function saveMany(call: ApiCall, list: unknown[]): Promise<ApiAnswer> {
  if (list.length === 0 || list.length > MAX_LINKS_PER_CALL) {
    throw invalidFields({ body: [`must hold from 1 to ${MAX_LINKS_PER_CALL} links`] });
  }
  const checked = await checkMany(call, list);
  assertFewPasswords(checked);
  let bytes = 0;
  const results = await oneByOne(call, 'link', checked, async (one) => {
    if (bytes + MAX_SAVED_BYTES > MAX_SENT_BYTES) {
      return skipped('link', 'the answer has no room for more links');
    }
    const saved = await saveLink(call.workspaceId, one).catch((error: unknown) => {
      if (!(error instanceof ClientError) || error.status !== 404 || one.id === null) throw error;
      const sentence = noSuchLink(one.id);
      throw new ClientError(404, error.code, `link: ${sentence}`, { link: [sentence] });
    });
    bytes += sentBytes(JSON.stringify(saved));
    return saved;
  });
  const links = results.map((one) => (one instanceof Failure ? one.body : one));
  const failed = results.filter((one) => one instanceof Failure);
  if (failed.length === 0) return { status: 200, body: links };
  const error = `${failed.length} of ${list.length} links ${failed.length === 1 ? 'was' : 'were'} not saved. The errors field says why, and the links field has the result of each. Send only the links that errors names again.`;
  const errors = errorsOf(results, (index, field) => `${index}.${field}`);
  return { status: 422, body: { error, code: 'partly_saved', errors, links } };
}

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
  const results = await oneByOne(call, 'ids', ids, (linkId) => trash(call.workspaceId, linkId));
  const idsWhere = (holds: (result: (typeof results)[number] | undefined) => boolean) =>
    ids.filter((_, index) => holds(results[index]));
  const deleted = idsWhere((result) => result === true);
  const not_found = idsWhere((result) => result === false);
  const not_deleted = idsWhere((result) => result instanceof Failure);
  if (not_deleted.length === 0) {
    const message = `Moved ${deleted.length} ${deleted.length === 1 ? 'link' : 'links'} to the trash.`;
    return { status: 200, body: { message, deleted, not_found } };
  }
  const error = `Could not confirm that ${not_deleted.length} of ${ids.length} links moved to the trash. Send the ids in not_deleted again.`;
  const errors = errorsOf(results, (index) => `ids.${sent.indexOf(ids[index] ?? 0)}`);
  return { status: 422, body: { error, code: 'partly_deleted', errors, deleted, not_found, not_deleted } };
}
