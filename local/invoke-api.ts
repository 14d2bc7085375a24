import type { ServerResponse } from 'node:http';
import { foreignRefusal } from './cross-site.ts';
import type { LocalFunction } from './functions.ts';
import type { ExtraRoute } from './routes.ts';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** Responds as Lambda does when it rejects an invocation. */
function refuse(response: ServerResponse, status: number, type: string, text: string): true {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ Type: 'User', Message: text }));
  return true;
}

/** The only function with this name, or with a name that contains it; undefined when there is none or more than one. */
function functionNamed(name: string, functions: Iterable<LocalFunction>): LocalFunction | undefined {
  const candidates = [...functions].filter((one) => one.name === name || one.name.includes(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function parsed(body: Buffer): { event: unknown } | undefined {
  try {
    return { event: body.length > 0 ? JSON.parse(body.toString()) : {} };
  } catch {
    return undefined;
  }
}

/**
 * The Lambda Invoke API, only for programs on this machine. In the cloud, IAM protects it. Here the loopback interface
 * does, together with a check for headers that only web pages send.
 * @param functions returns the functions at the time of a request
 */
export function invokeApi(functions: () => Map<string, LocalFunction>): ExtraRoute {
  return async (request, path, body, response) => {
    const name = INVOKE_PATH.exec(path)?.[1];
    if (name === undefined || request.method !== 'POST' || !LOOPBACK.test(request.socket.remoteAddress ?? ''))
      return false;
    const refusal = foreignRefusal(request.headers);
    if (refusal !== undefined) return refuse(response, 403, 'AccessDeniedException', refusal);
    const only = functionNamed(name, functions().values());
    if (!only) return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
    const payload = parsed(body);
    if (!payload)
      return refuse(response, 400, 'InvalidRequestContentException', 'The payload is not valid JSON');
    const result = await only.invoke(payload.event);
    const failed = 'error' in result;
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
    });
    response.end(JSON.stringify(failed ? result.error : result.value));
    return true;
  };
}
