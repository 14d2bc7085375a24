import { type Api, ApiError } from './api.ts';

/** A JSON schema. */
export type Schema = { [keyword: string]: unknown };

/** A parameter of an operation. */
export type Parameter = {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: Schema;
};

/** An operation of the document, with its method and path. */
export type Operation = {
  operationId: string;
  method: string;
  path: string;
  tags: string[];
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
};

/** What we read of an OpenAPI document. */
export type ApiDocument = {
  paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>;
  components: { schemas: Record<string, Schema> };
};

/** The operations of a document, in its order. */
export const operationsOf = (document: ApiDocument): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );

/**
 * Reads the OpenAPI document of a running Clickhook, so that tools always match its version.
 * @throws ApiError if the address is not that of a Clickhook
 */
export async function readDocument(api: Api): Promise<ApiDocument> {
  const { value } = await api({ method: 'GET', path: '/api/v1/openapi.json' });
  const document = value as Partial<ApiDocument> | null;
  if (!document?.paths || !document.components?.schemas)
    throw new ApiError('CLICKHOOK_BASE_URL is not the address of a Clickhook: it has no OpenAPI document.');
  return document as ApiDocument;
}

const REFERENCE = '#/components/schemas/';

/** Values that the API accepts for yes and no. One boolean says the same. */
const isFlag = ({ enum: values }: Schema) =>
  Array.isArray(values) && values.includes(true) && values.includes(false);

/** Numbers that the API also accepts as text. */
const isNumberOrText = ({ type }: Schema) =>
  Array.isArray(type) && type.length === 2 && type.includes('string') && type.includes('integer');

/**
 * A schema of the document as agents read it best: without references, and with one type where the API accepts
 * several spellings of the same value.
 */
export function plainSchema(schema: Schema, document: ApiDocument, within: string[] = []): Schema {
  const { $ref: reference, ...own } = schema;
  if (typeof reference === 'string') {
    const name = reference.replace(REFERENCE, '');
    const target = document.components.schemas[name];
    // A schema that contains itself accepts anything at its second level.
    if (!target || within.includes(name)) return own;
    return plainSchema({ ...target, ...own }, document, [...within, name]);
  }
  if (isFlag(own)) return { ...withoutValues(own), type: 'boolean' };
  const plain = isNumberOrText(own) ? { ...own, type: 'integer' } : own;
  return Object.fromEntries(
    Object.entries(plain).map(([keyword, value]) => {
      if (VALUES.has(keyword)) return [keyword, value];
      // The members of `properties` are names, which can be those of keywords.
      if (keyword === 'properties')
        return [keyword, mapValues(value as Schema, (member) => nested(member, document, within))];
      return [keyword, nested(value, document, within)];
    }),
  );
}

function nested(value: unknown, document: ApiDocument, within: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => nested(item, document, within));
  return value !== null && typeof value === 'object' ? plainSchema(value as Schema, document, within) : value;
}

const mapValues = (object: Schema, change: (value: unknown) => unknown): Schema =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** Keywords whose contents are values, not schemas. */
const VALUES = new Set(['default', 'enum', 'const', 'examples', 'example', 'required', 'type']);

const withoutValues = ({ enum: _values, type: _type, ...rest }: Schema): Schema => rest;
