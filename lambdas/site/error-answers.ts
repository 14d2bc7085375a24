import * as z from 'zod';
import { answeredId, type Reference } from '../api/endpoint.ts';

const ids = z.array(answeredId).optional();

/** The one shape of all errors. */
export const errorAnswer = z
  .object({
    error: z.string().describe('What to change, in one sentence. With 429, a word instead.'),
    code: z.string().describe('A word for programs, such as not_found'),
    errors: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe('Sentences by field, when fields are wrong'),
    message: z.string().optional().describe('With 429: the sentence'),
    current_usage: z.int().optional().describe('With 429: calls of this key in this minute'),
    limit: z.int().optional().describe('With 429: calls that a key may make in a minute'),
    links: z
      .array(z.unknown())
      .optional()
      .describe('With partly_saved: for each link that you sent, the saved link or its error'),
    deleted: ids.describe('With partly_deleted: ids of the links that are in the trash now'),
    not_deleted: ids.describe('With partly_deleted: ids to send again'),
    restored: ids.describe('With partly_restored: ids of the links that are in use now'),
    not_restored: ids.describe('With partly_restored: ids to send again'),
    not_found: ids.describe('With partly_deleted and partly_restored: ids that no link has'),
  })
  .meta({ id: 'Error', description: 'What went wrong, and what to change' });

type ErrorExample = z.infer<typeof errorAnswer>;
/** A shared answer of the document: its name there, what it means, and an example. */
type ErrorAnswer = { name: string; description: string; example: ErrorExample };

/** Every error that the API answers, by its status. */
export const ERROR_ANSWERS: Record<string, ErrorAnswer> = {
  400: {
    name: 'BadRequest',
    description: 'The body or the query cannot be read.',
    example: {
      error: 'The body is not valid JSON. Check its quotes, commas and brackets.',
      code: 'malformed_body',
    },
  },
  401: {
    name: 'Unauthorized',
    description: 'The API key is missing, wrong or revoked.',
    example: { error: 'Not authorized', code: 'unauthorized' },
  },
  403: {
    name: 'Forbidden',
    description: 'This deployment has a CDN in front, and the call did not come through it.',
    example: {
      error: 'This address does not accept requests. Use https://go.example.com instead.',
      code: 'closed_address',
    },
  },
  404: {
    name: 'NotFound',
    description: 'The object does not exist, or belongs to another workspace.',
    example: { error: 'Not found', code: 'not_found' },
  },
  409: {
    name: 'Conflict',
    description: 'The state of the object does not allow this call. The error says what to do.',
    example: {
      error:
        'You cannot revoke the key that you use for this call. Create another key with POST …/keys, and revoke this one with it.',
      code: 'conflict',
    },
  },
  413: {
    name: 'TooLarge',
    description: 'The body is larger than 1 MB.',
    example: { error: 'The body is larger than 1 MB. Send less at a time.', code: 'too_large' },
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is neither JSON nor a form.',
    example: {
      error: 'A compressed body is not supported. Send it uncompressed, without a content-encoding header.',
      code: 'unsupported_media_type',
    },
  },
  422: {
    name: 'InvalidInput',
    description: 'Some input is wrong. `errors` says what to change, by field.',
    example: {
      error: 'url: must be a full URL that starts with https:// or http://.',
      code: 'invalid_input',
      errors: { url: ['must be a full URL that starts with https:// or http://'] },
    },
  },
  429: {
    name: 'TooManyRequests',
    description: 'Too many calls. The header `retry-after` says after how many seconds to try again.',
    example: {
      error: 'rate_limit_exceeded',
      code: 'rate_limit_exceeded',
      message: 'This key has made 601 calls in one minute. The limit is 600. Try again in 60 s.',
      current_usage: 601,
      limit: 600,
    },
  },
  500: {
    name: 'InternalError',
    description: 'The service has a fault. Trying again does not help.',
    example: {
      error:
        'The service has a fault that a retry does not fix. Send the request id aBcDeFgHiJkLmNo= to its operator.',
      code: 'internal_error',
    },
  },
  503: {
    name: 'Unavailable',
    description: 'The service is busy. Try again in a few seconds.',
    example: { error: 'The service is busy. Try again in a few seconds.', code: 'unavailable' },
  },
};

/** What not every call can answer: errors of a body, and of the state of an object. */
const OF_BODIES = ['413', '415'];
const OF_STATES = '409';
/** Errors of keys and their rates. */
const OF_KEYS = ['401', '429'];

/** The statuses of the errors that a call can answer, ascending. */
export function errorStatuses(method: string, { conflicts }: Reference, keyless: boolean): string[] {
  return Object.keys(ERROR_ANSWERS).filter(
    (status) =>
      (conflicts || status !== OF_STATES) &&
      (method !== 'GET' || !OF_BODIES.includes(status)) &&
      !(keyless && OF_KEYS.includes(status)),
  );
}
