import { MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import type { ApiCall } from '../api/api.ts';
import { ClientError, type FieldErrors, invalidFields } from '../errors.ts';
import { MAX_HOOK_URL_LENGTH, MAX_HOOKS_PER_OWNER } from '../hooks/hook.ts';
import { MAX_LINKS_PER_CALL } from './fields.ts';
import { errorsByPlace, inTurn, NotDone, notTried } from './in-turn.ts';
import { type CheckedLink, checkLink, saveLink } from './save-link.ts';
import { MAX_LISTED_BYTES } from './totals.ts';

/** Links that are checked side by side: each may look up the names of its webhooks. */
const CHECKED_AT_ONCE = 10;
/**
 * Most new passwords of one call. Hashing one takes 0.17 s of a whole processor, and a function of 512 MB has 0.29 of
 * one: ten take 6 s of the 10 s that a call has.
 */
const MAX_PASSWORDS_PER_CALL = 10;
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

/** @throws ClientError 422 with the faults of all links, by their place; nothing is written then */
async function checkMany({ workspaceId, remainingMs }: ApiCall, list: unknown[]): Promise<CheckedLink[]> {
  const checked: CheckedLink[] = [];
  const faults: FieldErrors = {};
  const check = async (one: unknown, index: number) => {
    try {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) throw notALink(index);
      checked[index] = await checkLink(workspaceId, one);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const fields: FieldErrors =
        error.status === 404
          ? { link: [noSuchLink((one as { id?: unknown }).id)] }
          : (error.fields ?? { link: [error.message] });
      for (const [field, sentences] of Object.entries(fields)) faults[`${index}.${field}`] = sentences;
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
  if (Object.keys(faults).length > 0) throw invalidFields(inOrder(faults));
  return checked;
}

/** By the place of the link: checks end in any order. */
function inOrder(faults: FieldErrors): FieldErrors {
  const place = (name: string) => Number.parseInt(name, 10);
  return Object.fromEntries(Object.entries(faults).sort(([a], [b]) => place(a) - place(b)));
}

/** @throws ClientError 422 at each new password that is more than one call hashes */
function assertFewPasswords(links: CheckedLink[]): void {
  const places = links.flatMap(({ password }, index) => (typeof password === 'string' ? [index] : []));
  const sentence = `exceeds the limit of ${MAX_PASSWORDS_PER_CALL} new passwords per call: send this link in another call`;
  const tooMany = places.slice(MAX_PASSWORDS_PER_CALL).map((index) => [`${index}.password`, [sentence]]);
  if (tooMany.length > 0) throw invalidFields(Object.fromEntries(tooMany));
}

/** A saved link in the answer, with all the webhooks that it may have. */
const MAX_SAVED_BYTES = MAX_LISTED_BYTES + MAX_HOOKS_PER_OWNER * (MAX_HOOK_URL_LENGTH + 8);

/** Saves a list of links: none when any is wrong in itself, else one after the other, with a result for each. */
export async function saveMany(call: ApiCall, list: unknown[]) {
  if (list.length === 0 || list.length > MAX_LINKS_PER_CALL) {
    throw invalidFields({ body: [`must hold from 1 to ${MAX_LINKS_PER_CALL} links`] });
  }
  const checked = await checkMany(call, list);
  assertFewPasswords(checked);
  let bytes = 0;
  const results = await inTurn(call, 'link', checked, async (one) => {
    if (bytes + MAX_SAVED_BYTES > MAX_SENT_BYTES) {
      return notTried('link', 'the answer has no room for more links');
    }
    const saved = await saveLink(call.workspaceId, one).catch((error: unknown) => {
      if (!(error instanceof ClientError) || error.status !== 404 || one.id === null) throw error;
      const sentence = noSuchLink(one.id);
      throw new ClientError(404, error.code, `link: ${sentence}`, { link: [sentence] });
    });
    bytes += sentBytes(JSON.stringify(saved));
    return saved;
  });
  const links = results.map((one) => (one instanceof NotDone ? one.body : one));
  const failed = results.filter((one) => one instanceof NotDone);
  if (failed.length === 0) return { status: 200, body: links };
  const error = `${failed.length} of ${list.length} links ${failed.length === 1 ? 'was' : 'were'} not saved. The errors field says why, and the links field has the result of each. Send only the links that errors names again.`;
  return { status: 422, body: { error, code: 'partly_saved', errors: errorsByPlace(results), links } };
}
