import { api } from '../core/api.ts';
import { publicWorkspace } from '../core/workspace.ts';
import { readSettings } from './settings.ts';

/** `GET /workspaces`: those the key sees, which is its own. */
export const handler = api(async ({ workspaceId }) => {
  return { status: 200, body: [publicWorkspace(await readSettings(workspaceId))] };
});
