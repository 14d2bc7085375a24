import * as z from 'zod';
import { time } from '../api/endpoint.ts';
import type { CheckResult } from './check-delivery.ts';
import { SHOWN_CHARACTERS } from './response-text.ts';

/** The URL in the examples. */
export const URL_EXAMPLE = 'https://example.com/webhook';

const EXAMPLE = {
  id: URL_EXAMPLE,
  hook_id: '0123456789abcdef0123456789abcdef',
  url: URL_EXAMPLE,
  created_at: '2027-01-31T12:00:00Z',
};

/** A webhook in the answers of the API. */
export const hookAnswer = z
  .object({
    id: z.url().describe('The URL again: existing clients use it as the id'),
    hook_id: z.string().describe('A short id, which needs no encoding in a path'),
    url: z.url().describe('The URL that receives deliveries'),
    created_at: time,
  })
  .meta({ id: 'Webhook', description: 'A webhook of a link or of a workspace', examples: [EXAMPLE] });

/** The answer to a test call. */
export const testAnswer = z.object({
  message: z.string().describe('A sentence for people'),
  webhooks: z.int().describe('How many webhooks receive the test click'),
  click_id: z.string().describe('The id of the test click, a ULID'),
  payload: z.record(z.string(), z.unknown()).describe('The payload of the test click'),
});

const tookMs = (what: string) => z.int().nullable().describe(`Milliseconds ${what}; null if it did not end`);

const CHECK_EXAMPLE: CheckResult = {
  url: URL_EXAMPLE,
  outcome: 'failed',
  reason: 'status',
  status: 308,
  message:
    'The server redirected to https://www.example.com/webhook. Webhooks do not follow redirects; use that address.',
  timings: { dns_ms: 12, connection_ms: 24, tls_ms: 31, response_ms: 48 },
  response_body: 'Redirecting…',
};

/** The answer to a check. */
export const checkAnswer = z
  .object({
    url: z.url().describe('The URL that was checked, normalised'),
    outcome: z.enum(['delivered', 'refused', 'failed']).describe('The outcome, as in the logs'),
    reason: z
      .enum(['dns', 'connect', 'tls', 'timeout', 'status'])
      .nullable()
      .describe('Why it failed; null otherwise'),
    status: z.int().nullable().describe('The status of the response; null if there is none'),
    message: z.string().describe('What happened and what to do, in sentences for people'),
    timings: z
      .object({
        dns_ms: tookMs('to look up the host name'),
        connection_ms: tookMs('to connect to an address of the host'),
        tls_ms: tookMs('to secure the connection, for https'),
        response_ms: tookMs('from the request to the headers of the response'),
      })
      .describe('How long each part of the delivery took'),
    response_body: z
      .string()
      .nullable()
      .describe(
        `The first ${SHOWN_CHARACTERS} characters of the response body, as text that is safe to show; null without a response`,
      ),
  })
  .meta({
    id: 'WebhookCheck',
    description: 'What happened when a sample click was delivered to a URL',
    examples: [CHECK_EXAMPLE],
  }) satisfies z.ZodType<CheckResult>;
