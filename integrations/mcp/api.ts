import type { Settings } from './settings.ts';

/** A call that failed. Its message says what is wrong and what to do, for people and agents. */
export class ApiError extends Error {}

/** A request to the API. Its path starts with a slash and is encoded. */
export type ApiRequest = { method: string; path: string; query?: URLSearchParams; body?: unknown };

/** What the API answers: the parsed JSON, and the cursor of the next part if there is one. */
export type ApiAnswer = { value: unknown; nextCursor?: string };

/** Calls the API, or throws an ApiError. */
export type Api = (request: ApiRequest) => Promise<ApiAnswer>;

/** The gateway gives up after 30 s. */
const TIMEOUT_MS = 35_000;

type Failure = { error?: string; message?: string; errors?: Record<string, string[]> };

/** A failed connection as a sentence. The reason is that of the socket, such as ECONNREFUSED. */
function unreachable(baseUrl: string, error: unknown): ApiError {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? cause?.message ?? message);
  return new ApiError(
    `${baseUrl} cannot be reached (${reason}). Check CLICKHOOK_BASE_URL, and that Clickhook is running.`,
  );
}

/** What a response that is not a success means, in one sentence or more. */
function failureOf(baseUrl: string, response: Response, text: string): ApiError {
  const { status, headers } = response;
  if (status >= 300 && status < 400)
    return new ApiError(
      `${baseUrl} redirects to ${headers.get('location')}. Set CLICKHOOK_BASE_URL to the address that it redirects to.`,
    );
  if (status === 401)
    return new ApiError('That API key isn’t valid. Check that CLICKHOOK_API_KEY contains all of it.');
  let failure: Failure | null = null;
  try {
    failure = JSON.parse(text) as Failure | null;
  } catch {
    // A proxy in between answers in HTML.
  }
  const sentence = failure?.message ?? failure?.error;
  if (typeof sentence !== 'string')
    return new ApiError(
      `${baseUrl} answered ${status}, and not as Clickhook does. Check CLICKHOOK_BASE_URL.`,
    );
  if (status === 404)
    return new ApiError(`${sentence}. Check the ids: the API answers this for unknown ones.`);
  const fields = Object.entries(failure?.errors ?? {}).map(
    ([field, sentences]) => `${field}: ${sentences.join(' ')}`,
  );
  return new ApiError([sentence, ...fields.filter((field) => !sentence.includes(field))].join('\n'));
}

/** A client of the API. It does not follow redirects, because they could lead a key elsewhere. */
export function apiOf({ baseUrl, key }: Pick<Settings, 'baseUrl' | 'key'>): Api {
  return async ({ method, path, query, body }) => {
    const search = query?.size ? `?${query}` : '';
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl}${path}${search}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      throw unreachable(baseUrl, error);
    }
    if (!response.ok) throw failureOf(baseUrl, response, text);
    const nextCursor = response.headers.get('x-next-cursor');
    try {
      return { value: JSON.parse(text), ...(nextCursor ? { nextCursor } : {}) };
    } catch {
      throw new ApiError(`${baseUrl} did not answer in JSON. Check CLICKHOOK_BASE_URL.`);
    }
  };
}
