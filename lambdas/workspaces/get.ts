import { api } from '../api/api.ts';
import { readSettings, settingsWithHooks } from './settings.ts';

/** `GET /workspace/:id`: the workspace with its settings and webhooks. */
export const handler = api(async ({ workspaceId }) => {
  return { status: 200, body: await settingsWithHooks(await readSettings(workspaceId)) };
});
