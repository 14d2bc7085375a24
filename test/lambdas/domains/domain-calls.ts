import { create, favicon, list as listHandler, delete as remove } from '../../../lambdas/domains/handlers.ts';
import { call } from '../call.ts';
import { KEY } from '../engine-table.ts';

const of = (key: string) => (key === KEY ? '1' : '2');
const path = (domain: unknown, key: string) => ({ workspace_id: of(key), domain_id: String(domain) });

export const add = (name: unknown, key = KEY) =>
  call(create, { method: 'POST', json: { name }, key, pathParameters: { workspace_id: of(key) } });
export const list = (key = KEY) => call(listHandler, { key, pathParameters: { workspace_id: of(key) } });
export const listed = async (key = KEY) => (await list(key)).body.domains as { name: string }[];
/** Deletes a domain by its id or name. */
export const drop = (domain: unknown, key = KEY) =>
  call(remove, { method: 'DELETE', key, pathParameters: path(domain, key) });
export const setIcon = (domain: unknown, json: unknown, key = KEY) =>
  call(favicon, { method: 'PATCH', json, key, pathParameters: path(domain, key) });
