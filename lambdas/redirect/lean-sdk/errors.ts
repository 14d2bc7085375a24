import { metadataOf, type Response } from './http.ts';

/** An error of a request, with the SDK's metadata, and with the response if there was one. */
export type ServiceError = Error & {
  $fault?: 'client' | 'server';
  $metadata?: Partial<ReturnType<typeof metadataOf>> & {
    clockSkewCorrected?: true;
    attempts?: number;
    totalRetryDelay?: number;
  };
  /** Not enumerable, so that log lines do not contain it. */
  $response?: Response;
};

/** The name in `com.amazonaws.sqs#QueueDoesNotExist` and `ValidationException:http://…`. */
function shortName(type: unknown): string {
  const [code = ''] = String(type).split(/[,:]/);
  const [first, second] = code.split('#');
  return second ?? first ?? '';
}

/**
 * The name of an error. A service that had the query protocol before has codes of that protocol, which come first.
 * @param queryNames the SDK's names of such codes, where they differ
 */
function errorName(
  { headers }: Response,
  body: Record<string, any>,
  queryNames: Record<string, string> | undefined,
): string {
  const header = headers['x-amzn-errortype'];
  const code = body.code ?? body.Code;
  if (!queryNames) return shortName(body.__type ?? code ?? header ?? 'Unknown');
  const [queryCode] = String(headers['x-amzn-query-error'] ?? '').split(';');
  const name = shortName(queryCode || (code ?? header ?? body.__type ?? 'Unknown'));
  return queryNames[name] ?? name;
}

function errorOf(response: Response, queryNames: Record<string, string> | undefined): Error {
  // A copy, because the body may be null.
  const body = { ...JSON.parse(response.text || '{}') };
  return Object.assign(new Error(body.message ?? body.Message ?? 'UnknownError'), {
    name: errorName(response, body, queryNames),
    $fault: response.status < 500 ? 'client' : 'server',
  });
}

/**
 * The output in a response.
 * @throws Error that the response stands for, with the SDK's name; SyntaxError when its body is no JSON
 */
export function outputOf(response: Response, queryNames?: Record<string, string>): any {
  try {
    if (response.status < 300) return JSON.parse(response.text || '{}');
    throw errorOf(response, queryNames);
  } catch (error) {
    Object.defineProperty(error, '$response', { value: response });
    throw Object.assign(error as Error, { $metadata: metadataOf(response) });
  }
}
