import { isUtf8 } from 'node:buffer';
import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ClientError } from '../errors.ts';
import { malformed, notUtf8, parseForm } from './form.ts';

/** The most bytes of a request body, well above the largest link (64 KB). */
const MAX_BODY_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = /^\uFEFF/;
const REPLACEMENT = '\uFFFD';
/**
 * Character sets that encode ASCII characters as ASCII does. A body of only ASCII characters is the same in all of
 * them.
 */
const LIKE_ASCII = /^(us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d)$/;

const unsupported = (sentence: string) => new ClientError(415, 'unsupported_media_type', sentence);

/** @throws ClientError 415 for a body that no parser can read */
function assertReadable(headers: APIGatewayProxyEventV2['headers']): void {
  if (/^\s*multipart\//i.test(headers['content-type'] ?? '')) {
    throw unsupported(
      'A multipart body is not supported. Send JSON, or a form as application/x-www-form-urlencoded.',
    );
  }
  // Some clients put a character set or `8bit` here. Neither means that the body is compressed.
  if (/\b(x-)?(gzip|deflate|br|zstd|compress)\b/i.test(headers['content-encoding'] ?? '')) {
    throw unsupported(
      'A compressed body is not supported. Send it uncompressed, without a content-encoding header.',
    );
  }
}

/** The character set that the content type names, in lower case. UTF-8 if it names none. */
function charset(headers: APIGatewayProxyEventV2['headers']): string {
  const [, named = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '') ?? [];
  return named.toLowerCase();
}

function assertCharset(headers: APIGatewayProxyEventV2['headers'], bytes: Buffer): void {
  const named = charset(headers);
  if (named === 'utf-8' || named === 'utf8') return;
  if (LIKE_ASCII.test(named) && bytes.every((byte) => byte < 0x80)) return;
  throw unsupported(
    'This character set is not supported. Send the body as UTF-8, with charset=utf-8 or without a charset.',
  );
}

/**
 * Whether the gateway replaced bytes that it could not read with U+FFFD. It does so in bodies of text types. A body
 * that really contains U+FFFD is still as long as its content-length says.
 */
function wasReplaced({ headers, isBase64Encoded }: APIGatewayProxyEventV2, bytes: Buffer): boolean {
  return (
    !isBase64Encoded &&
    // Without a content-length, as in a chunked body, this cannot be detected.
    headers['content-length'] !== undefined &&
    Number(headers['content-length']) !== bytes.length &&
    bytes.includes(REPLACEMENT)
  );
}

/**
 * The body of a request as text, without a byte order mark. Blank if there is no body.
 * @throws ClientError 413 (over 1 MB), 415 (compressed, multipart or not in UTF-8), 400 (bytes that are not UTF-8)
 */
function bodyText(event: APIGatewayProxyEventV2): string {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new ClientError(413, 'too_large', 'The body is larger than 1 MB. Send less at a time.');
  }
  if (bytes.length === 0) return '';
  assertReadable(event.headers);
  assertCharset(event.headers, bytes);
  if (!isUtf8(bytes) || wasReplaced(event, bytes)) throw notUtf8('The body');
  return bytes.toString('utf8').replace(BYTE_ORDER_MARK, '');
}

/** The event of a call. Its body is text at first, and its parsed value later. */
export type ApiEvent = Omit<APIGatewayProxyEventV2, 'body'> & { body?: unknown };

const HOW_TO_SEND = 'Send JSON, or a form with the content type application/x-www-form-urlencoded';

const json = httpJsonBodyParser({ disableContentTypeCheck: true });

/** Far deeper than any schema reads, and far less deep than recursion can go. */
const MAX_LEVELS = 100;

/** Whether lists and objects are nested beyond this depth. Checks level by level, without recursion. */
function isNestedTooDeeply(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_LEVELS) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

function broken(text: string, contentType: string): ClientError {
  if (/^\s*[{["]/.test(text) || /json/i.test(contentType)) {
    return malformed('The body is not valid JSON. Check its quotes, commas and brackets.');
  }
  return unsupported(`The body is neither JSON nor a form. ${HOW_TO_SEND}.`);
}

async function parseJson(request: middy.Request<ApiEvent>, text: string): Promise<void> {
  const contentType = request.event.headers['content-type'] ?? '';
  const parse = async (body: string) => {
    Object.assign(request.event, { body, isBase64Encoded: false });
    await json.before?.(request as never);
  };
  try {
    await parse(text);
  } catch {
    try {
      // The parser rejects names such as `__proto__`. Here they are ordinary members that no schema knows.
      request.event.body = JSON.parse(text);
    } catch {
      throw broken(text, contentType);
    }
  }
  if (isNestedTooDeeply(request.event.body)) {
    throw malformed(`The JSON is nested more than ${MAX_LEVELS} levels deep. Send it with fewer levels.`);
  }
}

/** Whether a form looks like JSON. `[scopes]=x` does not, because JSON never continues like that. */
const looksLikeJson = (text: string) => /^\s*[{[]/.test(text) && !/^\s*\[[^[\]{}"'=&]*\][^=&,]*=/.test(text);

/**
 * Picks the parser. A body is a form if its content type says so and it does not look like JSON (`curl -d '{…}'` labels
 * JSON as a form). Any other body is JSON. A blank body counts as none.
 */
export const bodyParser = {
  before: async (request: middy.Request<ApiEvent>): Promise<void> => {
    const { event } = request;
    const text = bodyText(event as APIGatewayProxyEventV2);
    const isForm = /^application\/x-www-form-urlencoded/i.test(event.headers['content-type'] ?? '');
    if (text.trim() === '') event.body = undefined;
    else if (isForm && !looksLikeJson(text)) event.body = parseForm(text);
    else await parseJson(request, text);
  },
};
