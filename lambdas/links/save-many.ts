import { MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import type { ApiAnswer } from '../api/answer.ts';
import type { ApiCall } from '../api/api.ts';
import { ClientError, type FieldErrors, invalidFields } from '../errors.ts';
import { MAX_HOOK_URL_LENGTH, MAX_HOOKS_PER_OWNER } from '../hooks/hook.ts';
import { MAX_LINKS_PER_CALL } from './fields.ts';
import { errorsOf, Failure, oneByOne, skipped } from './many.ts';
import { type CheckedLink, checkLink, saveLink } from './save.ts';
import { MAX_LISTED_BYTES } from './totals.ts';

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

/** The response has each link twice: its fields, and the same in `link`. Clients of both kinds exist. */
const savedOne = <L extends object>(link: L) => ({ ...link, status: 'success', link });

/** A saved link in the response, with the most webhooks that it may have. */
const MAX_SAVED_BYTES = 2 * (MAX_LISTED_BYTES + MAX_HOOKS_PER_OWNER * (MAX_HOOK_URL_LENGTH + 8));

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
    const link = await saveLink(call.workspaceId, one).catch((error: unknown) => {
      if (!(error instanceof ClientError) || error.status !== 404 || one.id === null) throw error;
      const sentence = noSuchLink(one.id);
      throw new ClientError(404, error.code, `link: ${sentence}.`, { link: [sentence] });
    });
    const saved = savedOne(link);
    bytes += sentBytes(JSON.stringify(saved));
    return saved;
  });
  const links = results.map((one) => (one instanceof Failure ? { ...one.body, status: 'error' } : one));
  const failed = results.filter((one) => one instanceof Failure);
  if (failed.length === 0) return { status: 200, body: links };
  const error = `${failed.length} of ${list.length} links ${failed.length === 1 ? 'was' : 'were'} not saved. The errors field says why, and the links field has the result of each. Send only the links that errors names again.`;
  const errors = errorsOf(results, (index, field) => `${index}.${field}`);
  return { status: 422, body: { error, code: 'partly_saved', errors, links } };
}
