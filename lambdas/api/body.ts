import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ClientError } from '../errors.ts';
import { bodyText } from './body-text.ts';
import { parseForm } from './form.ts';

/** The event of a call: its body is a text at first, and then what that says. */
export type ApiEvent = Omit<APIGatewayProxyEventV2, 'body'> & { body?: unknown };

const HOW_TO_SEND = 'send JSON, or a form with the content type application/x-www-form-urlencoded';
const malformed = (sentence: string) => new ClientError(400, 'malformed_body', sentence);

const json = httpJsonBodyParser({ disableContentTypeCheck: true });

/** Far deeper than any schema looks, and far less deep than any recursion reaches. */
const MAX_LEVELS = 100;

/** Whether a value has lists and objects in each other beyond this depth, found level by level. */
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
    return malformed('The body is not valid JSON: check its quotes, commas and brackets.');
  }
  return new ClientError(
    415,
    'unsupported_media_type',
    `The body is neither JSON nor a form: ${HOW_TO_SEND}.`,
  );
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
      // The parser refuses names such as `__proto__`. Here they are members like others, which no schema knows.
      request.event.body = JSON.parse(text);
    } catch {
      throw broken(text, contentType);
    }
  }
  if (isNestedTooDeeply(request.event.body)) {
    throw malformed(`The JSON is nested more than ${MAX_LEVELS} levels deep: send it with fewer levels.`);
  }
}

/** Whether a form looks like JSON: `[scopes]=x` does not, because no JSON goes on like that. */
const looksLikeJson = (text: string) => /^\s*[{[]/.test(text) && !/^\s*\[[^[\]{}"'=&]*\][^=&,]*=/.test(text);

/**
 * Picks the parser by what the body is: a form when it says so and does not look like JSON
 * (`curl -d '{…}'` calls JSON a form), else JSON. A blank body is no body.
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
