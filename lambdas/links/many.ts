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

// Calls that save or delete many links, one after the other. If one fails, the others continue.

/**
 * Why one of many failed, or may have failed. `fields` has the same reason by field, as the response to the whole call
 * shows it.
 */
class Failure {
  readonly body: ErrorBody;
  readonly fields: FieldErrors;

  constructor(body: ErrorBody, fields: FieldErrors) {
    this.body = body;
    this.fields = fields;
  }
}

/** The result of one that was not started, so that it is safe to send it again. */
function skipped(field: string, because: string): Failure {
  const sentence = `was skipped because ${because}. Send it again`;
  return new Failure({ error: `${field}: ${sentence}`, code: 'not_tried' }, { [field]: [sentence] });
}

/** The least time left for starting another one, because hashing a password takes up to a second. */
const LAST_START_MS = 2_500;
/** With this much time left, the call responds without waiting for the current one. */
const LAST_WAIT_MS = 1_000;

/** @throws Unavailable when the step is unfinished and the call has to respond */
async function untilTheEnd<R>(step: Promise<R>, { remainingMs }: ApiCall): Promise<R> {
  const waitMs = remainingMs() - LAST_WAIT_MS;
  if (!Number.isFinite(waitMs)) return step;
  const abort = new AbortController();
  const end = delay(Math.max(waitMs, 0), undefined, { signal: abort.signal }).then(() => {
    throw new Unavailable('The function ran out of time before one of many links was finished');
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
 * Runs a step for each of many, as long as there is time for another.
 * @param field the field name of one of them in errors, such as `link`
 * @param step the step for one of them; it may skip one
 * @returns for each the result of its step, or why it failed
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

/** The errors of a list. `nameOf` returns the name of a field of the entry at an index, such as `2.slug`. */
function errorsOf(results: unknown[], nameOf: (index: number, field: string) => string): FieldErrors {
  const errors = results.flatMap((result, index) =>
    result instanceof Failure
      ? Object.entries(result.fields).map(([field, sentences]) => [nameOf(index, field), sentences] as const)
      : [],
  );
  return Object.fromEntries(errors);
}

/** How many links are checked in parallel. Each may look up the names of its webhooks. */
const CHECKED_AT_ONCE = 10;
/** The least time that the checks must leave for saving. */
const SAVING_MS = 4_000;

/** An array element that is not an object. */
const notALink = (index: number) =>
  invalidFields({
    link: [`must be an object with the fields of a link. The element at index ${index} is not an object`],
  });

/** What is wrong with an id that no link of the workspace has. The id has been checked, so it contains only digits. */
const noSuchLink = (id: unknown) =>
  `${id} is not the id of a link in this workspace. Correct the id, or leave it out to create a link`;

/** @throws ClientError 422 with the errors of all links, by index; then nothing is written */
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
        body: ['took too long to check, and nothing was saved. Send fewer links or webhooks at a time'],
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
 * The most new passwords of one call. Hashing one takes 0.17 s of a whole processor, and a function of 512 MB has 0.29
 * of one: ten take 6 s of the 10 s that a call has.
 */
const MAX_PASSWORDS_PER_CALL = 10;

/** @throws ClientError 422 at each new password beyond the limit of a call */
function assertFewPasswords(links: CheckedLink[]): void {
  const indexes = links.flatMap(({ password }, index) => (typeof password === 'string' ? [index] : []));
  const sentence = `exceeds the limit of ${MAX_PASSWORDS_PER_CALL} new passwords per call. Send this link in another call`;
  const tooMany = indexes.slice(MAX_PASSWORDS_PER_CALL).map((index) => [`${index}.password`, [sentence]]);
  if (tooMany.length > 0) throw invalidFields(Object.fromEntries(tooMany));
}

/** A saved link in the response, with the most webhooks that it may have. */
const MAX_SAVED_BYTES = MAX_LISTED_BYTES + MAX_HOOKS_PER_OWNER * (MAX_HOOK_URL_LENGTH + 8);

/**
 * Saves a list of links. If any link is invalid, none is saved. Otherwise they are saved one by one, with a result for
 * each.
 */
export async function saveMany(call: ApiCall, list: unknown[]): Promise<ApiAnswer> {
  if (list.length === 0 || list.length > MAX_LINKS_PER_CALL) {
    throw invalidFields({ body: [`must contain from 1 to ${MAX_LINKS_PER_CALL} links`] });
  }
  const checked = await checkMany(call, list);
  assertFewPasswords(checked);
  let bytes = 0;
  const results = await oneByOne(call, 'link', checked, async (one) => {
    if (bytes + MAX_SAVED_BYTES > MAX_SENT_BYTES) {
      return skipped('link', 'the response has no room for more links');
    }
    const saved = await saveLink(call.workspaceId, one).catch((error: unknown) => {
      if (!(error instanceof ClientError) || error.status !== 404 || one.id === null) throw error;
      const sentence = noSuchLink(one.id);
      throw new ClientError(404, error.code, `link: ${sentence}.`, { link: [sentence] });
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
 * Moves links to the trash. The response lists those that are missing. When some could not be moved, a 422 lists them.
 * Deleting a link twice changes nothing, so you can repeat the whole call.
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
