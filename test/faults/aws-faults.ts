import type { IncomingMessage } from 'node:http';
import type { Behaviour } from './faulty-aws.ts';

/** An error in a response. Its name is that of a DynamoDB error. */
const error = (name: string, message = 'No') => ({
  __type: `com.amazonaws.dynamodb.v20120810#${name}`,
  message,
});
const later = (ms: number, then: () => void) => void setTimeout(then, ms);

const each =
  (status: number, body: unknown, headers = {}): Behaviour =>
  (respond) =>
    respond.with(status, body, headers);
const first =
  (fail: Behaviour): Behaviour =>
  (respond, request, response, attempt) =>
    attempt === 1 ? fail(respond, request, response, attempt) : respond.normally();

const never: Behaviour = () => undefined;
const reset: Behaviour = (_respond, _request, response) => void response.socket?.resetAndDestroy();
const cutOff: Behaviour = (_respond, _request, response) =>
  void response.writeHead(200, { 'content-length': '100' }).write('{"a":', () => response.socket?.destroy());

/** When a request says that it was signed. */
function signedAt({ headers }: IncomingMessage): number {
  const date = String(headers['x-amz-date']);
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** A service whose clock differs from ours. It accepts a difference of five minutes, as AWS does. */
const clock =
  (aheadMinutes: (attempt: number, request: IncomingMessage) => number): Behaviour =>
  (respond, request, _response, attempt) => {
    const nowMs = Date.now() + aheadMinutes(attempt, request) * 60_000;
    const date = { date: new Date(nowMs).toUTCString() };
    if (Math.abs(nowMs - signedAt(request)) < 300_000) respond.normally(date);
    else respond.with(400, error('InvalidSignatureException', 'Signature not yet current'), date);
  };

/** What can go wrong with a request to AWS. */
export const AWS_FAULTS: Record<string, Behaviour> = {
  'never answers': never,
  'never answers the first time': first(never),
  'answers 500': each(500, error('InternalServerError')),
  'answers 500 the first time': first(each(500, error('InternalServerError'))),
  'answers 500 with what is no JSON': each(500, '<html>'),
  'answers 503 without a body': each(503, ''),
  'answers 503 and asks for a pause of 100 ms': each(503, '', { 'x-amz-retry-after': '100' }),
  'answers 503 and asks for a pause of a second': first(each(503, '', { 'retry-after': '1' })),
  throttles: each(400, error('ProvisionedThroughputExceededException')),
  'throttles the first time': first(each(400, error('ThrottlingException'))),
  'throttles by 429 the first time': first(each(429, error('Other'))),
  'denies access': each(400, error('AccessDeniedException')),
  'denies access by a code of the query protocol': each(403, error('AccessDeniedException'), {
    'x-amzn-query-error': 'AccessDenied;Sender',
  }),
  'does not know the resource': each(400, error('ResourceNotFoundException'), {
    'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
  }),
  'names its error in a header': each(400, '', { 'x-amzn-errortype': 'AccessDeniedException:http://a/' }),
  'names its error with a URL': each(400, error('ValidationException:http://a/#b')),
  'rejects an expired signature the first time': first(
    each(400, error('InvalidSignatureException', 'Signature expired: 20270131T120000Z')),
  ),
  'rejects a signature': each(400, error('InvalidSignatureException', 'It does not match')),
  'resets each connection': reset,
  'resets the first connection': first(reset),
  'resets the kept connection of the second click': (respond, request, response, attempt) =>
    attempt === 2 ? reset(respond, request, response, attempt) : respond.normally(),
  'ends each connection': (_respond, _request, response) => void response.socket?.destroy(),
  'answers what is no HTTP': (_respond, _request, response) => void response.socket?.end('garbage\r\n\r\n'),
  'answers 200 with what is no JSON': each(200, '<html>'),
  'answers 200 without a body': each(200, ''),
  'answers 200 with an empty object': each(200, {}),
  'answers 400 with what is no JSON': each(400, '<html>'),
  'answers 400 with null': each(400, 'null'),
  'cuts its headers off': (_respond, _request, response) => void response.socket?.end('HTTP/1.1 200 OK\r\nA'),
  'cuts its body off': cutOff,
  'cuts its body off the first time': first(cutOff),
  'takes 150 ms': (respond) => later(150, respond.normally),
  'takes 150 ms between its headers and its body': (respond, _request, response) => {
    const end = response.end.bind(response);
    response.end = (body: unknown) => {
      response.flushHeaders();
      later(150, () => end(body));
      return response;
    };
    respond.normally();
  },
  'sends an informational response first': (respond, _request, response) => {
    response.writeProcessing();
    respond.normally();
  },
  'refuses the size': each(413, error('RequestTooLarge')),
  'has a clock an hour ahead': clock(() => 60),
  'has a clock ten minutes behind': clock(() => -10),
  'answers 301': each(301, '', { location: 'https://example.com/' }),
};

/** The requests of the first click after a rejected one. A link is read, and then the settings of its workspace. */
const FIRST_CLICK = { GetItem: 3, SendMessage: 2 };
const isFirstClick = (attempt: number, { headers }: IncomingMessage) =>
  attempt <=
  (/GetItem/.test(String(headers['x-amz-target'])) ? FIRST_CLICK.GetItem : FIRST_CLICK.SendMessage);

/** Where the SDK gives up, and our client sends the request again. */
export const SDK_GIVES_UP: Record<string, Behaviour> = {
  'has a clock an hour ahead, which is right again for the second click': clock((attempt, request) =>
    isFirstClick(attempt, request) ? 60 : 0,
  ),
};
