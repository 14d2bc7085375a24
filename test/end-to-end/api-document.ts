import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Workspace } from './local-stack.ts';

type Operation = {
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }>;
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { content: Record<string, { schema: object }> }> };
};

/** One call of an operation, with its method and path as in the document. */
export type DocumentedCall = {
  operation: string;
  path?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
};

/** Calls a stack as its own document describes. Requests and responses must match the document. */
export type ApiDocument = {
  /** Every operation, as `get /api/v1/workspaces`. */
  operations: string[];
  called: Set<string>;
  /** @throws Error that says what in a request or a response differs from the document */
  call: (call: DocumentedCall) => Promise<{ status: number; body: any }>;
  document: Document;
};

/** Reads the document that a stack serves. */
export async function readApiDocument(stack: Workspace): Promise<ApiDocument> {
  const document = (await (await fetch(`${stack.url}/api/v1/openapi.json`)).json()) as Document;
  const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'document', components: document.components });
  const validators = new Map<object, ValidateFunction>();
  const check = (schema: object, value: unknown, what: string) => {
    const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    const validate = validators.get(schema) ?? ajv.compile(resolved);
    validators.set(schema, validate);
    if (!validate(value)) throw new Error(`${what} is not as documented: ${ajv.errorsText(validate.errors)}`);
  };
  const called = new Set<string>();
  return {
    document,
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    ),
    called,
    call: async ({ operation, path = {}, query = {}, body }) => {
      const [method = '', template = ''] = operation.split(' ');
      const documented = document.paths[template]?.[method];
      if (!documented) throw new Error(`The document has no ${operation}`);
      called.add(operation);
      if (body !== undefined)
        check(
          documented.requestBody?.content['application/json']?.schema ?? {},
          body,
          `The body of ${operation}`,
        );
      const filled = template.replaceAll(/\{(\w+)\}/g, (_match, name) =>
        encodeURIComponent(path[name] ?? name),
      );
      const search = new URLSearchParams(query).toString();
      const answer = await fetch(`${stack.url}${filled}${search ? `?${search}` : ''}`, {
        method: method.toUpperCase(),
        headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
      const response = documented.responses[String(answer.status)];
      const shared = response?.$ref?.split('/').at(-1);
      const content = shared ? document.components.responses[shared]?.content : response?.content;
      const schema = content?.[type]?.schema;
      if (!schema) throw new Error(`${operation} answered ${answer.status} ${type}, which is not documented`);
      const text = await answer.text();
      const value = type === 'application/json' ? JSON.parse(text) : text;
      check(schema, value, `The answer ${answer.status} of ${operation}`);
      return { status: answer.status, body: value };
    },
  };
}
