import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  INodeType,
  IWebhookFunctions,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { ClickhookApi } from '../credentials/ClickhookApi.credentials.ts';

// What n8n gives nodes, as far as ours use it. Requests are real.

/** What a person entered in a node. Fields without a value have their defaults. */
export type Entered = Record<string, unknown>;
/** What a person entered in a credential. */
export type Credential = { baseUrl: string; apiKey: string; signingSecret?: string };
/** A node as n8n runs it. */
export type Running = {
  node: INodeType;
  credential: Credential;
  entered: Entered;
  items?: number;
  continueOnFail?: boolean;
};

const credentialType = new ClickhookApi();
const NODE = {
  id: '1',
  name: 'Clickhook',
  type: 'clickhook',
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};

/** The value of an expression such as `=Bearer {{$credentials.apiKey}}`. */
function evaluate(expression: string, $credentials: Credential): string {
  if (!expression.startsWith('=')) return expression;
  return expression.slice(1).replaceAll(/\{\{(.+?)\}\}/g, (_match, code) =>
    // The expressions are our own.
    String(new Function('$credentials', `return ${code}`)($credentials)),
  );
}

/** Sends a request with the credential, and answers as n8n's httpRequestWithAuthentication does. */
async function request(credential: Credential, options: IHttpRequestOptions) {
  const { baseURL = '', url, method = 'GET', qs = {}, body, disableFollowRedirect } = options;
  const search = new URLSearchParams(qs as Record<string, string>).toString();
  const headers = Object.entries(credentialType.authenticate.properties.headers ?? {}).map(
    ([name, value]): [string, string] => [name, evaluate(String(value), credential)],
  );
  const response = await fetch(`${baseURL}${url}${search ? `?${search}` : ''}`, {
    method,
    headers: [...headers, ['content-type', 'application/json']],
    redirect: disableFollowRedirect ? 'manual' : 'follow',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const parsed = isJson ? JSON.parse(text) : text;
  if (!response.ok && !options.ignoreHttpStatusErrors)
    throw new NodeApiError(NODE as never, { message: text }, { httpCode: String(response.status) });
  if (!options.returnFullResponse) return parsed;
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: parsed };
}

/** The value of a field: what the person entered, or the default of the first field with that name. */
function enteredValue(
  { node, entered }: Running,
  name: string,
  options?: { extractValue?: boolean },
): unknown {
  const property = node.description.properties.find((one) => one.name === name);
  if (!property) throw new Error(`The node has no field ${name}`);
  const value = name in entered ? entered[name] : property.default;
  if (property.type === 'resourceLocator' && options?.extractValue)
    return (value as { value: unknown }).value;
  return value;
}

const common = (running: Running) => ({
  getNode: () => NODE,
  getCredentials: async () => running.credential,
  continueOnFail: () => running.continueOnFail ?? false,
  helpers: {
    httpRequestWithAuthentication: (_type: string, options: IHttpRequestOptions) =>
      request(running.credential, options),
  },
});

/** Executes a node, and returns the JSON of its items. */
export async function execute(running: Running): Promise<IDataObject[]> {
  const functions = {
    ...common(running),
    getInputData: () => Array.from({ length: running.items ?? 1 }, () => ({ json: {} })),
    getNodeParameter: (
      name: string,
      item: number,
      _fallback: unknown,
      options?: { extractValue?: boolean },
    ) => {
      const value = enteredValue(running, name, options);
      // A value of each item, as expressions have them.
      return typeof value === 'function' ? value(item) : value;
    },
  };
  const output = await running.node.execute?.call(functions as unknown as IExecuteFunctions);
  const [items = []] = (output ?? []) as { json: IDataObject; pairedItem: unknown }[][];
  if (items.some(({ pairedItem }) => pairedItem === undefined)) throw new Error('An item has no pairedItem');
  return items.map(({ json }) => json);
}

/** Calls checkExists, create or delete of a trigger, whose address at n8n is `url`. */
export function hook(
  running: Running,
  url: string,
  method: 'checkExists' | 'create' | 'delete',
): Promise<boolean> {
  const functions = {
    ...common(running),
    getNodeWebhookUrl: () => url,
    getNodeParameter: (name: string, _fallback: unknown, options?: { extractValue?: boolean }) =>
      enteredValue(running, name, options),
  };
  const methods = running.node.webhookMethods?.default;
  if (!methods) throw new Error('The node has no webhook methods');
  return methods[method].call(functions as unknown as IHookFunctions);
}

/** The links that a person can choose from in a field of a node. */
export async function searchLinks(running: Running, filter?: string, page?: string) {
  const search = running.node.methods?.listSearch?.searchLinks;
  return await search?.call(common(running) as unknown as ILoadOptionsFunctions, filter, page);
}

/**
 * Gives a trigger a request that arrived at its address. It answers as n8n does, which starts the workflow only when
 * there is data.
 * @returns the items that the workflow starts with
 */
export async function receive(running: Running, incoming: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const rawBody = Buffer.concat(chunks);
  const responseObject = {
    status: (code: number) => {
      response.statusCode = code;
      return responseObject;
    },
    send: (text: string) => response.end(text),
  };
  const functions = {
    ...common(running),
    getRequestObject: () => ({ rawBody }),
    getResponseObject: () => responseObject,
    getHeaderData: () => incoming.headers,
    getBodyData: () => JSON.parse(rawBody.toString()),
    getNodeParameter: (name: string) => enteredValue(running, name),
  };
  const result = await running.node.webhook?.call(functions as unknown as IWebhookFunctions);
  if (!result?.noWebhookResponse) response.end('{"message":"Workflow was started"}');
  return (result?.workflowData?.[0] ?? []).map(({ json }) => json);
}

/** Sends the test request of the credential, and returns its status, as n8n does when a person saves it. */
export async function testCredential(credential: Credential): Promise<number> {
  const { baseURL = '', url } = credentialType.test.request;
  const options = { baseURL: evaluate(baseURL, credential), url: url ?? '', ignoreHttpStatusErrors: true };
  const answer = await request(credential, { ...options, returnFullResponse: true });
  return answer.statusCode;
}
