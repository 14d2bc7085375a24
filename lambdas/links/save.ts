import { errorBody } from '../core/answer.ts';
import { type ApiCall, api } from '../core/api.ts';
import { ClientError, type FieldErrors, invalidFields } from '../core/errors.ts';
import { MAX_LINKS_PER_CALL } from './requests.ts';
import { type CheckedLink, checkLink, saveLink } from './save-link.ts';

/** Runs one step of one link of many; what the client can mend is a value here. */
async function attempt<T>(step: Promise<T>): Promise<T | ClientError> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
}

/** The errors of links by their place in the list: `2.slug`. */
function fieldErrors(results: unknown[]): FieldErrors {
  const errors = results.flatMap((result, index) => {
    if (!(result instanceof ClientError)) return [];
    const fields = result.fields ?? { link: [result.message] };
    return Object.entries(fields).map(([field, sentences]) => [`${index}.${field}`, sentences] as const);
  });
  return Object.fromEntries(errors);
}

/** Saves a list of links: none when any is wrong in itself, else one after the other, each told for itself. */
async function saveMany({ workspaceId }: ApiCall, list: unknown[]) {
  if (list.length === 0 || list.length > MAX_LINKS_PER_CALL) {
    throw invalidFields({ body: [`must hold from 1 to ${MAX_LINKS_PER_CALL} links`] });
  }
  const checked: (CheckedLink | ClientError)[] = [];
  for (const one of list) checked.push(await attempt(checkLink(workspaceId, one)));
  const usable = checked.filter((one): one is CheckedLink => !(one instanceof ClientError));
  if (usable.length < list.length) throw invalidFields(fieldErrors(checked));
  const saved: (object | ClientError)[] = [];
  for (const one of usable) saved.push(await attempt(saveLink(workspaceId, one)));
  const links = saved.map((one) => (one instanceof ClientError ? errorBody(one) : one));
  const errors = fieldErrors(saved);
  if (Object.keys(errors).length === 0) return { status: 200, body: links };
  const failed = saved.filter((one) => one instanceof ClientError).length;
  const error = `${failed} of ${list.length} links were not saved: see errors, and links for the others`;
  return { status: 422, body: { error, code: 'partly_saved', errors, links } };
}

/**
 * `POST /link` and `POST /workspace/:id/links`: creates, or with `id` in the body changes the fields sent. An array
 * saves many.
 */
export const handler = api(async (call) => {
  if (Array.isArray(call.body)) return saveMany(call, call.body);
  const link = await saveLink(call.workspaceId, await checkLink(call.workspaceId, call.body));
  return { status: 200, body: link };
});
