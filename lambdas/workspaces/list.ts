import { api } from '../api/api.ts';
import { readSettings } from './settings.ts';
import { publicWorkspace } from './workspace.ts';

/** `GET /workspaces`: those the key sees, which is its own. */
export const handler = api(async ({ workspaceId }) => {
  return { status: 200, body: [publicWorkspace(await readSettings(workspaceId))] };
});
