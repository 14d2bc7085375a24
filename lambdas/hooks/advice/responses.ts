import { type Advice, type Finding, forStatus, statusOf } from './finding.ts';

const isRedirect = (finding: Finding) => {
  const status = statusOf(finding);
  return status >= 300 && status < 400 && finding.response?.location !== undefined;
};
const locationHost = ({ response }: Finding) =>
  response?.location === undefined ? '' : new URL(response.location).hostname;
const isScript = ({ url }: Finding) => url.hostname === 'script.google.com';
const says = ({ response }: Finding, pattern: RegExp) => pattern.test(response?.body ?? '');

const REDIRECTS: Advice[] = [
  {
    cause: 'Google Apps Script that ran',
    applies: (finding) =>
      isRedirect(finding) && isScript(finding) && locationHost(finding) === 'script.googleusercontent.com',
    sentence: () =>
      'The script ran. Google Apps Script always answers with a redirect, so the log shows a failed delivery with the status 302, although the script received the click. You do not have to change anything.',
  },
  {
    cause: 'Google Apps Script that asks for a login',
    applies: (finding) =>
      isRedirect(finding) && isScript(finding) && locationHost(finding) === 'accounts.google.com',
    sentence: () =>
      'Google asks for a login, so the script did not run. Deploy it as a web app that anyone can access, and use its URL that ends in /exec.',
  },
  {
    cause: 'redirect',
    applies: isRedirect,
    sentence: ({ response }) =>
      `The server redirected to ${response?.location}. Webhooks do not follow redirects; use that address.`,
  },
  {
    cause: 'redirect without a target',
    applies: (finding) => statusOf(finding) >= 300 && statusOf(finding) < 400,
    sentence: (finding) =>
      `The server answered with the redirect ${statusOf(finding)}. Webhooks do not follow redirects; use the final address.`,
  },
];

const ownFormat = (tool: string, format: string) =>
  `${tool} accepts only messages in its own format. Add clickhook_format=${format} to the query of the webhook's URL, or put an automation between Clickhook and ${tool}.`;

const TOOLS: Advice[] = [
  {
    cause: 'n8n test address',
    applies: (finding) => statusOf(finding) === 404 && /\/webhook-test\//.test(finding.url.pathname),
    sentence: () =>
      'n8n listens at a test address only while its editor waits for a test event. Activate the workflow and use its production URL, which has /webhook/ instead of /webhook-test/.',
  },
  {
    cause: 'n8n method',
    applies: (finding) => statusOf(finding) === 404 && says(finding, /not registered for POST/i),
    sentence: () =>
      'The n8n webhook does not accept POST. Set the HTTP method of its Webhook node to POST, and activate the workflow.',
  },
  {
    cause: 'n8n workflow that is not active',
    applies: (finding) => statusOf(finding) === 404 && says(finding, /webhook .{0,200}is not registered/is),
    sentence: () => 'The n8n workflow is not active. Activate it.',
  },
  {
    cause: 'Slack format',
    applies: (finding) => statusOf(finding) === 400 && says(finding, /^\s*(no_text|invalid_payload)\s*$/),
    sentence: () => ownFormat('Slack', 'slack'),
  },
  {
    cause: 'Discord format',
    applies: (finding) => statusOf(finding) === 400 && says(finding, /"code"\s*:\s*50006\b/),
    sentence: () => ownFormat('Discord', 'discord'),
  },
  {
    cause: 'plain HTTP at a port for HTTPS',
    applies: (finding) =>
      statusOf(finding) === 400 &&
      says(
        finding,
        /plain HTTP (request was sent )?to (an )?(HTTPS|SSL-enabled server) port|HTTP request to an HTTPS server/i,
      ),
    sentence: () => 'The server expects HTTPS at this port. Change http:// to https://.',
  },
];

const STATUSES: Advice[] = [
  forStatus(
    'login required',
    [401],
    'The server asks for a login. Deliveries have no Authorization header: allow this URL without a login, and put a secret into its query or verify the signature.',
  ),
  forStatus(
    'forbidden',
    [403],
    'The server does not allow the request. Check that a firewall or a bot filter does not block it, and that the secret in the URL is correct.',
  ),
  forStatus(
    'not found',
    [404],
    'The server has nothing at this path. Check the URL, and that the automation behind it still exists and is active.',
  ),
  forStatus(
    'wrong method',
    [405],
    'The server does not accept POST at this path. Accept POST there, or use the URL that does.',
  ),
  forStatus(
    'gone',
    [410],
    'The server says that this webhook no longer exists. Create it again there, and use its new URL.',
  ),
  forStatus(
    'large body',
    [413],
    'The server does not accept a body of this size. Allow bodies of up to 100 KB.',
  ),
  forStatus(
    'wrong content type',
    [415],
    'The server does not accept JSON. Accept the content type application/json.',
  ),
  forStatus(
    'rejected content',
    [400, 422],
    'The server did not accept the content. Accept the payload of Clickhook as JSON, or put an automation in between. The beginning of the response can say more.',
  ),
  forStatus(
    'rate limit',
    [429],
    'The server limits the rate of requests. Raise its limit, because a delivery is never sent again.',
  ),
  {
    cause: 'server error',
    applies: (finding) => statusOf(finding) >= 500,
    sentence: (finding) => `The server failed with the status ${statusOf(finding)}. Look in its log.`,
  },
  {
    cause: 'another status',
    applies: ({ outcome }) => outcome.kind === 'failed' && outcome.reason === 'status',
    sentence: (finding) =>
      `The server answered with the status ${statusOf(finding)}. Only 200 to 299 count as delivered: answer with one of these.`,
  },
];

/** A server this slow comes close to the time limit of 5 s on a busy day. */
const SLOW_MS = 3_000;

const ACCEPTED: Advice[] = [
  {
    cause: 'web page',
    applies: (finding) =>
      finding.outcome.kind === 'delivered' &&
      /^text\/html|^application\/xhtml/i.test(finding.response?.type ?? '') &&
      says(finding, /^\s*(<!doctype html|<html|<head|<body|<!--|<\?xml)/i),
    sentence: () =>
      'The server answered with a web page, so this can be the address of a page and not of a webhook. Check the URL, and whether the click arrived.',
  },
  {
    cause: 'slow acceptance',
    applies: ({ outcome, timings }) => outcome.kind === 'delivered' && (timings.response_ms ?? 0) > SLOW_MS,
    sentence: ({ timings }) =>
      `The server accepted the click, but only after ${((timings.response_ms ?? 0) / 1_000).toFixed(1)} seconds. A delivery fails after 5 seconds: answer first and do the work afterwards.`,
  },
  {
    cause: 'acceptance',
    applies: ({ outcome }) => outcome.kind === 'delivered',
    sentence: () => 'The server accepted the click. This webhook works.',
  },
];

/** Advice about responses. */
export const RESPONSES: Advice[] = [...REDIRECTS, ...TOOLS, ...STATUSES, ...ACCEPTED];
