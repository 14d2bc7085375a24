import {
  restore as bringBack,
  get,
  list,
  update as patch,
  save,
  delete as trash,
} from '../../../lambdas/links/handlers.ts';
import { call } from '../call.ts';

/** Creates a link of workspace 1, to https://example.com/ unless `json` says otherwise. */
export const create = (json: object = {}) =>
  call(save, { method: 'POST', json: { url: 'https://example.com/', ...json } });
/** Changes the link whose id is in `json`. */
export const update = (json: object) => call(save, { method: 'POST', json });
export const show = (id: number) => call(get, { pathParameters: { link_id: String(id) } });
export const listed = async (query = '') => (await call(list, { query })).body;
export const remove = (id: number) =>
  call(trash, { method: 'DELETE', pathParameters: { workspace_id: '1', link_id: String(id) } });
/** Changes a link by its path. */
export const change = (id: unknown, json?: unknown, key?: string) =>
  call(patch, {
    method: 'PATCH',
    json,
    pathParameters: { link_id: String(id) },
    ...(key ? { key } : {}),
  });
export const restore = (json: unknown, key?: string) =>
  call(bringBack, { method: 'POST', json, ...(key ? { key } : {}) });
