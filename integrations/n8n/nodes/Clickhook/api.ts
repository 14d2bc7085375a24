import type {
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  ILoadOptionsFunctions,
  IN8nHttpFullResponse,
  JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** What n8n gives the methods of a node that call the API. */
export type Context = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

/** A call of the API. Its path starts after `/api/v1`. Query values that are empty are not sent. */
export type ApiCall = { method: IHttpRequestMethods; path: string; qs?: IDataObject; body?: IDataObject };

/** What the API answered. */
export type ApiAnswer<Body = IDataObject> = { body: Body; nextCursor?: string };

/** An answer that is an error. */
export type Failure = { error?: unknown; message?: unknown; errors?: Record<string, string[]> };

/** The sentence of an error, and what to do about it. */
function sentencesOf(statusCode: number, failure: Failure | null): { message: string; description?: string } {
  if (statusCode === 401)
    return {
      message: 'That API key isn’t valid',
      description: 'Check that the credential contains all of it.',
    };
  if (statusCode >= 300 && statusCode < 400)
    return {
      message: 'The base URL redirects',
      description: 'Set the base URL to the address it redirects to.',
    };
  const sentence = failure?.message ?? failure?.error;
  if (typeof sentence !== 'string')
    return {
      message: `The server answered ${statusCode}, and not as Clickhook does`,
      description: 'Check the base URL of the credential.',
    };
  const fields = Object.entries(failure?.errors ?? {}).map(([name, texts]) => `${name}: ${texts.join(' ')}`);
  return { message: sentence, ...(fields.length > 0 ? { description: fields.join('\n') } : {}) };
}

/** An origin from a base URL, which people also paste with a path or a slash at its end. */
const originOf = (text: string) => (URL.canParse(text) ? new URL(text).origin : text.replace(/\/+$/, ''));

/** Calls the API, whatever it answers. */
export async function send(
  context: Context,
  { method, path, qs = {}, body }: ApiCall,
): Promise<IN8nHttpFullResponse> {
  const { baseUrl } = await context.getCredentials('clickhookApi');
  const filled = Object.entries(qs).filter(([, value]) => value !== undefined && value !== '');
  return await context.helpers.httpRequestWithAuthentication.call(context, 'clickhookApi', {
    method,
    baseURL: originOf(String(baseUrl)),
    url: `/api/v1${path}`,
    qs: Object.fromEntries(filled),
    ...(body ? { body } : {}),
    json: true,
    disableFollowRedirect: true,
    // The answers to errors have sentences, which n8n's own errors would hide.
    ignoreHttpStatusErrors: true,
    returnFullResponse: true,
  });
}

/** Calls the API. @throws NodeApiError with the sentence of the API */
export async function call<Body = IDataObject>(
  context: Context,
  request: ApiCall,
  itemIndex?: number,
): Promise<ApiAnswer<Body>> {
  const { statusCode, body, headers } = await send(context, request);
  if (statusCode >= 200 && statusCode < 300) {
    if (!String(headers['content-type']).includes('json'))
      throw new NodeOperationError(context.getNode(), 'The base URL is not the address of a Clickhook', {
        itemIndex,
      });
    const nextCursor = headers['x-next-cursor'];
    return { body: body as Body, ...(typeof nextCursor === 'string' ? { nextCursor } : {}) };
  }
  const failure = body as unknown as JsonObject | null;
  const { message, description } = sentencesOf(statusCode, failure as Failure | null);
  throw new NodeApiError(context.getNode(), failure ?? {}, {
    message,
    description,
    httpCode: String(statusCode),
    itemIndex,
  });
}

/** The path of the workspace that the key belongs to. */
export async function workspacePath(context: Context): Promise<string> {
  const { body } = await call<{ id: number }[]>(context, { method: 'GET', path: '/workspaces' });
  const id = body[0]?.id;
  if (!id) throw new NodeOperationError(context.getNode(), 'The API key belongs to no workspace');
  return `/workspace/${id}`;
}

/** The id of a link that a person chose. It is a number, so that it leads to nothing else in a path. */
export function linkId(context: Context, id: unknown, itemIndex?: number): number {
  const text = String(id ?? '').trim();
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new NodeOperationError(context.getNode(), `"${text}" is not the ID of a link`, {
      description: 'Choose a link from the list, or enter its number.',
      itemIndex,
    });
  return Number(text);
}
