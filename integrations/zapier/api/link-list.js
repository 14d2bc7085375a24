import { call, workspaceOf } from './call.js';

/**
 * A page of the workspace's links, newest first.
 * @param {number} page from 1
 * @returns {Promise<{links: object[], total_pages: number}>} links as the API returns them
 */
export async function listLinks(z, bundle, { page = 1, pageSize = 100, search } = {}) {
  const { id } = await workspaceOf(z, bundle);
  const params = { page, page_size: pageSize, sort_by: 'id', sort_dir: 'desc' };
  if (search) params.search = search;
  return call(z, bundle, `/workspace/${id}/list_links`, { params });
}
