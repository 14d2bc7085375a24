import { baseUrlOf } from './base-url.js';
import { BAD_ADDRESS, failureOf, unreachable } from './failures.js';

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    // Not an answer of the API, such as the page of another server.
    return undefined;
  }
};

/**
 * Calls the API of the user's Clickhook with the user's key.
 * @param {string} path below /api/v1
 * @param options `method`, by default GET; `params` of the query; `body`, sent as JSON
 * @returns the body of the answer
 * @throws an error of Zapier with a sentence for the user
 */
export async function call(z, bundle, path, { method = 'GET', params, body } = {}) {
  const baseUrl = baseUrlOf(bundle.authData.base_url);
  if (baseUrl === null) throw new z.errors.Error(BAD_ADDRESS, 'bad_address');
  const request = z.request({
    url: `${baseUrl}/api/v1${path}`,
    method,
    params,
    body,
    headers: {
      authorization: `Bearer ${String(bundle.authData.api_key).trim()}`,
      accept: 'application/json',
    },
    // A redirect could lead the key to another server.
    redirect: 'manual',
    skipThrowForStatus: true,
    throwForThrottlingEarly: false,
  });
  const response = await request.catch((error) => {
    throw new z.errors.Error(unreachable(baseUrl, error), 'unreachable');
  });
  const answer = parsed(response.content);
  const { status, headers } = response;
  if (status >= 200 && status < 300 && answer !== undefined) return answer;
  throw failureOf({ status, headers, body: answer, baseUrl, errors: z.errors });
}

/** The workspace of the user's key: `{id, name}`. Zapier stores only what the user entered, so the API is asked. */
export async function workspaceOf(z, bundle) {
  const { workspace } = await call(z, bundle, '/test');
  return workspace;
}
