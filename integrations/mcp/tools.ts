import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { type Api, ApiError, type ApiRequest } from './api.ts';
import { type ApiDocument, type Operation, operationsOf, plainSchema, type Schema } from './document.ts';
import { FURTHER_OPERATIONS, LEFT_OUT, type OperationText, TAGS, TEXTS } from './texts.ts';

/** A tool and what it does when an agent calls it. */
export type ApiTool = { tool: Tool; readOnly: boolean; call: (input: Arguments) => Promise<unknown> };

/** The arguments of a call. */
export type Arguments = Record<string, unknown>;

/** Arguments that the server fills in: they belong to the key. */
const OF_THE_KEY = ['workspace_id', 'api_key'];

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isOffered = ({ operationId, tags }: Operation) =>
  !(operationId in LEFT_OUT) &&
  (FURTHER_OPERATIONS.includes(operationId) || tags.some((tag) => TAGS.includes(tag)));

/** The schema of a JSON body that is one object. Where the API also accepts an array of them, it is the object. */
function bodySchema({ requestBody }: Operation, document: ApiDocument): Schema | undefined {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return undefined;
  const plain = plainSchema(schema, document);
  const choices = Array.isArray(plain.anyOf) ? (plain.anyOf as Schema[]) : [plain];
  return choices.find(({ properties }) => properties);
}

/** The arguments of a tool, and where in a request each of them belongs. */
type Inputs = { schema: Tool['inputSchema']; places: Map<string, 'path' | 'query' | 'body'> };

function inputsOf(
  operation: Operation,
  document: ApiDocument,
  { omit = [], required: always = [] }: OperationText,
): Inputs {
  const properties: Record<string, Schema> = {};
  const required: string[] = [...always];
  const places: Inputs['places'] = new Map();
  const left = [...OF_THE_KEY, ...omit];
  const add = (name: string, place: 'path' | 'query' | 'body', schema: Schema, needed: boolean) => {
    if (left.includes(name) || places.has(name)) return;
    properties[name] = schema;
    places.set(name, place);
    if (needed && !required.includes(name)) required.push(name);
  };
  for (const { name, in: place, description, schema, required: needed } of operation.parameters) {
    add(name, place, { ...plainSchema(schema, document), ...(description ? { description } : {}) }, needed);
  }
  const body = bodySchema(operation, document);
  const needed = (body?.required ?? []) as string[];
  for (const [name, schema] of Object.entries((body?.properties ?? {}) as Record<string, Schema>))
    add(name, 'body', schema, needed.includes(name));
  return { schema: { type: 'object', properties, required, additionalProperties: false }, places };
}

/** A value in a path. The URL parser would read `.` and `..` as steps to another path. */
function segment(name: string, value: unknown): string {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (text === '') throw new ApiError(`${name} is missing. Give it as a number or a text.`);
  if (/^(\.|%2e){1,2}$/i.test(text)) throw new ApiError(`${name} cannot be "${text}".`);
  return encodeURIComponent(text);
}

/** A request from the arguments of a call. */
function requestOf(
  { method, path }: Operation,
  { places, schema }: Inputs,
  input: Arguments,
  workspaceId: number,
): ApiRequest {
  const unknown = Object.keys(input).filter((name) => !places.has(name));
  if (unknown.length > 0) {
    const known = [...places.keys()].join(', ') || 'none';
    throw new ApiError(`This tool has no argument ${unknown.join(', ')}. Its arguments: ${known}.`);
  }
  const missing = (schema.required ?? []).filter((name) => input[name] === undefined);
  if (missing.length > 0) throw new ApiError(`${missing.join(', ')}: missing. The tool needs this argument.`);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name) =>
    name === 'workspace_id' ? String(workspaceId) : segment(name, input[name]),
  );
  const of = (place: string) =>
    Object.entries(input).filter(([name, value]) => places.get(name) === place && value !== undefined);
  const query = new URLSearchParams();
  for (const [name, value] of of('query')) query.set(name, String(value));
  const hasBody = [...places.values()].includes('body');
  return { method, path: filled, query, ...(hasBody ? { body: Object.fromEntries(of('body')) } : {}) };
}

/** What clients may decide by, from the method: a GET reads, and a POST only adds. */
const hintsOf = ({ method }: Operation, text: OperationText): NonNullable<Tool['annotations']> =>
  method === 'GET'
    ? { readOnlyHint: true }
    : {
        readOnlyHint: false,
        destructiveHint: text.destructive ?? method !== 'POST',
        idempotentHint: method !== 'POST',
      };

function toolOf(operation: Operation, document: ApiDocument, api: Api, workspaceId: number): ApiTool {
  const text = TEXTS[operation.operationId] ?? {};
  const inputs = inputsOf(operation, document, text);
  const title = text.title ?? operation.summary;
  return {
    tool: {
      name: text.name ?? snakeCase(operation.operationId),
      title,
      description: text.description ?? operation.description,
      inputSchema: inputs.schema,
      annotations: { title, ...hintsOf(operation, text) },
    },
    readOnly: operation.method === 'GET',
    call: async (input) => {
      const request = requestOf(operation, inputs, { ...text.defaults, ...input }, workspaceId);
      const { value, nextCursor } = await api(request);
      return Array.isArray(value) && nextCursor ? { items: value, next_cursor: nextCursor } : value;
    },
  };
}

/** The tools of a Clickhook, derived from its OpenAPI document and our texts. */
export const toolsOf = (document: ApiDocument, api: Api, workspaceId: number): ApiTool[] =>
  operationsOf(document)
    .filter(isOffered)
    .map((operation) => toolOf(operation, document, api, workspaceId));
