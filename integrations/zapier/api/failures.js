import { baseUrlOf } from './base-url.js';

/** What went wrong before there was an answer, by the code of Node.js. */
const UNREACHABLE = {
  ENOTFOUND: 'this host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNREFUSED: 'no server answers there',
  ECONNRESET: 'the server closed the connection',
  ETIMEDOUT: 'the server did not answer in time',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate belongs to another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is not from a public authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is not from a public authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate chain is incomplete',
};

/** When Zapier repeats a step that was limited, unless the answer says when. */
const RETRY_SECONDS = 60;

/** The sentence about an address that nothing can be sent to. */
export const BAD_ADDRESS =
  'The address of your Clickhook must be a full URL that starts with https://, such as https://go.example.com.';

/** The sentence about a server that did not answer. */
export function unreachable(baseUrl, error) {
  const reason = UNREACHABLE[error?.code] ?? error?.message ?? 'unknown reason';
  return `Could not reach ${baseUrl}: ${reason}. Check the address of your Clickhook.`;
}

const NOT_CLICKHOOK = (baseUrl) =>
  `${baseUrl} answers, but not as a Clickhook. Check the address: it is the part of the dashboard's address before /app.`;

/** Where a redirect leads, if that can be the address of a Clickhook. */
function redirected(baseUrl, location) {
  const target = URL.canParse(location ?? '', baseUrl) ? baseUrlOf(new URL(location, baseUrl).href) : null;
  if (target === null || target === baseUrl) return NOT_CLICKHOOK(baseUrl);
  return `${baseUrl} redirects to ${target}. Connect Clickhook again with that address.`;
}

/** The API's own sentence. The one about a limit has a word in `error` and the sentence in `message`. */
const sentenceOf = ({ error, message }) => String(message ?? error);

/** Answers of the gateway in front of the API, or of another server: their bodies are not those of the API. */
function foreignFailure({ status, baseUrl, errors }) {
  if (status < 500) return new errors.Error(NOT_CLICKHOOK(baseUrl), 'not_clickhook', status);
  const sentence = `${baseUrl} answers with the status ${status}. Try again later. If that doesn't help, check the address.`;
  return new errors.Error(sentence, 'server_error', status);
}

/**
 * The error for an answer that is not a success, in a sentence that says what to do.
 * @param errors the error classes of Zapier. `ExpiredAuthError` asks the user to connect again, and `ThrottledError`
 *   repeats the step later
 */
export function failureOf({ status, headers, body, baseUrl, errors }) {
  if (status >= 300 && status < 400) {
    return new errors.Error(redirected(baseUrl, headers.get('location')), 'redirected', status);
  }
  if (status === 429) {
    const sentence = sentenceOf(body ?? { error: 'Clickhook received too many calls' });
    return new errors.ThrottledError(sentence, Number(headers.get('retry-after')) || RETRY_SECONDS);
  }
  if (typeof body?.error !== 'string' || body.code === 'unknown_route') {
    return foreignFailure({ status, baseUrl, errors });
  }
  if (status === 401) {
    return new errors.ExpiredAuthError(
      "That API key isn't valid. Check that you copied all of it, then connect Clickhook again.",
    );
  }
  if (status === 404) {
    const sentence = 'Not found. It was deleted, or it belongs to another workspace than your API key.';
    return new errors.Error(sentence, 'not_found', status);
  }
  return new errors.Error(sentenceOf(body), body.code, status);
}

/** Whether an error of `call` says that the object is missing. */
export const isNotFound = (error) =>
  error.name === 'AppError' && JSON.parse(error.message).code === 'not_found';
