import { describe, expect, test } from '@jest/globals';
import {
  CREDENTIALS,
  checkHookUrl,
  OWN_HOST,
  PRIVATE_ADDRESS,
  PRIVATE_NAME,
} from '../../../lambdas/deliver/egress.ts';
import type { PostOutcome } from '../../../lambdas/deliver/outcomes.ts';
import { ADVICE, adviceOn } from '../../../lambdas/hooks/advice/advice.ts';
import type { Finding, Response } from '../../../lambdas/hooks/advice/finding.ts';

const URL_TEXT = 'https://hooks.example.com/path';
const NO_TIMINGS = { dns_ms: null, connection_ms: null, tls_ms: null, response_ms: null };
const TIMINGS = { dns_ms: 1, connection_ms: 2, tls_ms: 3, response_ms: 4 };

type Reason = Extract<PostOutcome, { kind: 'failed' }>['reason'];

const finding = (url: string, outcome: PostOutcome, rest: Partial<Finding> = {}): Finding => ({
  url: new URL(url),
  outcome,
  timings: TIMINGS,
  ...rest,
});
const refused = (problem?: string) => finding(URL_TEXT, { kind: 'refused' }, { problem });
const failed = (reason: Reason, errorCode?: string, { url = URL_TEXT, ...rest }: any = {}) =>
  finding(url, { kind: 'failed', reason }, { errorCode, ...rest });
const answered = (status: number, response: Partial<Response> = {}, url = URL_TEXT) =>
  finding(
    url,
    status >= 200 && status < 300
      ? { kind: 'delivered', status }
      : { kind: 'failed', reason: 'status', status },
    { response: { type: 'text/plain', body: '', ...response } },
  );
const redirected = (location: string, url?: string, status = 302) => answered(status, { location }, url);

const SCRIPT = 'https://script.google.com/macros/s/abc/exec';
const HTTP = 'http://hooks.example.com:8443/path';

/** Findings by their cause, and a part of the sentence that says what to do. */
const CASES: [cause: string, found: Finding, says: string][] = [
  ['credentials in the URL', refused(CREDENTIALS), 'Remove them.'],
  ['own host', refused(OWN_HOST), 'leads to Clickhook itself'],
  ['private address', refused(PRIVATE_ADDRESS), 'whose addresses are all public'],
  ['private address', refused(PRIVATE_NAME), 'whose addresses are all public'],
  // The URL is fine, but DNS leads to a private address.
  ['private address', refused(), 'whose addresses are all public'],
  ['another rule', refused('must not use port 0'), 'it must not use port 0.'],
  ['unknown name', failed('dns', 'ENOTFOUND'), 'hooks.example.com has no address. Check its spelling'],
  ['unknown name', failed('dns', 'ENODATA'), 'hooks.example.com has no address. Check its spelling'],
  ['DNS without an answer', failed('dns', 'ETIMEOUT'), 'did not answer correctly within 2 seconds'],
  ['incomplete certificate chain', failed('tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'fullchain.pem'],
  ['unknown authority', failed('tls', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'from a public authority'],
  ['self-signed certificate', failed('tls', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'is self-signed'],
  ['self-signed certificate', failed('tls', 'SELF_SIGNED_CERT_IN_CHAIN'), 'is self-signed'],
  ['expired certificate', failed('tls', 'CERT_HAS_EXPIRED'), 'Renew it.'],
  ['certificate of the future', failed('tls', 'CERT_NOT_YET_VALID'), 'not valid yet'],
  ['certificate of another name', failed('tls', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'name hooks.example.com.'],
  [
    'https where http is expected',
    failed('tls', 'ERR_SSL_WRONG_VERSION_NUMBER'),
    'port 443. Correct the port, or change https:// to http://.',
  ],
  [
    'http where https is expected',
    failed('connect', 'HPE_INVALID_CONSTANT', { tlsAlert: true, url: HTTP }),
    'expects TLS at port 8443. Change http:// to https://.',
  ],
  ['client certificate', failed('tls', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'Turn that off'],
  ['old TLS', failed('tls', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), 'Enable TLS 1.2 or TLS 1.3.'],
  ['another TLS failure', failed('tls', 'ECONNRESET'), 'must support TLS 1.2'],
  ['no server', failed('connect', 'ECONNREFUSED'), 'at port 443 of hooks.example.com. Start the server'],
  ['no server', failed('connect', 'ECONNREFUSED', { url: 'http://a.example/' }), 'at port 80 of a.example.'],
  ['no route', failed('connect', 'ENETUNREACH'), 'has a public IPv4 address'],
  ['large headers', failed('connect', 'HPE_HEADER_OVERFLOW'), 'fewer headers'],
  ['not HTTP', failed('connect', 'HPE_INVALID_CONSTANT'), 'at port 443 did not answer with valid HTTP'],
  ['http connection that was closed', failed('connect', 'ECONNRESET', { url: HTTP }), 'If it expects TLS'],
  ['closed connection', failed('connect', 'ECONNRESET'), 'Look in its log.'],
  ['slow connection', failed('timeout', undefined, { timings: NO_TIMINGS }), 'firewall'],
  ['slow TLS', failed('timeout', undefined, { timings: { ...TIMINGS, tls_ms: null } }), 'did not start TLS'],
  ['slow response', failed('timeout'), 'Answer first'],
  [
    'slow response',
    failed('timeout', undefined, { url: HTTP, timings: { ...TIMINGS, tls_ms: null } }),
    'Answer first',
  ],
  [
    'Google Apps Script that ran',
    redirected('https://script.googleusercontent.com/macros/echo?x=1', SCRIPT),
    'The script ran.',
  ],
  [
    'Google Apps Script that asks for a login',
    redirected('https://accounts.google.com/ServiceLogin', SCRIPT),
    'web app that anyone can access',
  ],
  ['redirect', redirected('https://script.googleusercontent.com/'), 'redirected to https://script.google'],
  ['redirect', redirected('https://script.googleusercontent.com.example.org/', SCRIPT), 'use that address'],
  ...[301, 302, 303, 307, 308].map((status): [string, Finding, string] => [
    'redirect',
    redirected('https://www.example.com/path', URL_TEXT, status),
    'redirected to https://www.example.com/path. Webhooks do not follow redirects; use that address.',
  ]),
  ['redirect without a target', answered(302), 'the redirect 302.'],
  ['redirect without a target', answered(304), 'the redirect 304.'],
  [
    'n8n test address',
    answered(404, { body: '{"code":404}' }, 'https://n8n.example.com/webhook-test/abc'),
    '/webhook/ instead of /webhook-test/',
  ],
  [
    'n8n method',
    answered(404, {
      body: '{"code":404,"message":"This webhook is not registered for POST requests. Did you mean to make a GET request?"}',
    }),
    'to POST',
  ],
  [
    'n8n workflow that is not active',
    answered(404, {
      body: '{"code":404,"message":"The requested webhook \\"POST abc\\" is not registered."}',
    }),
    'Activate it.',
  ],
  ['Slack format', answered(400, { body: 'no_text' }), 'clickhook_format=slack'],
  ['Slack format', answered(400, { body: 'invalid_payload\n' }), 'clickhook_format=slack'],
  [
    'Discord format',
    answered(400, { body: '{"message": "Cannot send an empty message", "code": 50006}' }),
    'clickhook_format=discord',
  ],
  ...[
    'The plain HTTP request was sent to HTTPS port',
    "You're speaking plain HTTP to an SSL-enabled server port.",
    'Client sent an HTTP request to an HTTPS server.',
  ].map((body): [string, Finding, string] => [
    'plain HTTP at a port for HTTPS',
    answered(400, { body }, HTTP),
    'Change http:// to https://.',
  ]),
  ['login required', answered(401), 'without a login'],
  ['forbidden', answered(403), 'bot filter'],
  ['not found', answered(404), 'Check the URL'],
  ['wrong method', answered(405), 'Accept POST there'],
  ['gone', answered(410), 'use its new URL'],
  ['large body', answered(413), '100 KB'],
  ['wrong content type', answered(415), 'application/json'],
  ['rejected content', answered(400), 'payload of Clickhook as JSON'],
  ['rejected content', answered(422), 'payload of Clickhook as JSON'],
  ['rate limit', answered(429), 'Raise its limit'],
  ...[500, 502, 503].map((status): [string, Finding, string] => [
    'server error',
    answered(status),
    `status ${status}. Look in its log.`,
  ]),
  ['another status', answered(418), 'status 418. Only 200 to 299'],
  ['another status', answered(101), 'status 101. Only 200 to 299'],
  ['web page', answered(200, { type: 'text/html', body: '<!DOCTYPE html><html>' }), 'Check the URL'],
  [
    'slow acceptance',
    { ...answered(200), timings: { ...TIMINGS, response_ms: 3_240 } },
    'only after 3.2 seconds',
  ],
  ['acceptance', answered(204), 'This webhook works.'],
  // Many servers of webhooks answer a short text as text/html.
  ['acceptance', answered(200, { type: 'text/html', body: 'ok' }), 'This webhook works.'],
];

describe('the advice', () => {
  test.each(CASES)('about %s is that of its cause and says what to do', (cause, found, says) => {
    expect(ADVICE.find(({ applies }) => applies(found))?.cause).toBe(cause);
    expect(adviceOn(found)).toContain(says);
  });

  test('has a case here for each of its causes, and each cause once', () => {
    const causes = ADVICE.map(({ cause }) => cause);
    expect([...new Set(CASES.map(([cause]) => cause))].sort()).toEqual([...causes].sort());
  });

  test('is in whole sentences', () => {
    for (const [, found] of CASES) expect(adviceOn(found)).toMatch(/^[A-Z\d].*[a-z\d)/]\.$/i);
  });
});

test.each([
  ['https://user:secret@hooks.example.com/', CREDENTIALS],
  ['https://links.example.com/', OWN_HOST],
  ['http://10.0.0.1/', PRIVATE_ADDRESS],
  ['http://printer.local/', PRIVATE_NAME],
])('the problem of %s is one that has advice of its own', (url, problem) => {
  process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
  expect(checkHookUrl(url, false).problem).toBe(problem);
});
