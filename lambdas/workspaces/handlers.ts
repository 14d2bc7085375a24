import type * as z from 'zod';
import { handle } from '../api/api.ts';
import { parseBody } from '../api/input.ts';
import { ClientError, invalidFields } from '../errors.ts';
import { checkHookLines } from '../hooks/check.ts';
import { readHooks, replaceHooks } from '../hooks/store.ts';
import { generateApiKey } from '../keys/key.ts';
import { partition } from '../table.ts';
import { workspaces } from './endpoints.ts';
import { newWorkspaceSchema, workspaceFieldsSchema } from './fields.ts';
import { openWorkspace, readWorkspace, updateWorkspace } from './store.ts';
import { publicWorkspace, type Workspace } from './workspace.ts';

const { endpoints } = workspaces;

/** The settings in responses of the API, with the URLs of the workspace's webhooks. */
async function withHooks(workspace: Workspace) {
  const hooks = await readHooks(partition.workspace(workspace.id));
  return { ...workspace, webhooks: hooks.map(({ url }) => url) };
}

/** The workspaces that the key can access: only its own. */
export const list = handle(endpoints.list, async ({ workspaceId }) => {
  return { status: 200, body: [publicWorkspace(await readWorkspace(workspaceId))] };
});

/** The workspace with its settings and webhooks. */
export const get = handle(endpoints.get, async ({ workspaceId }) => {
  return { status: 200, body: await withHooks(await readWorkspace(workspaceId)) };
});

/** Writes the settings that were sent. @returns all of them */
async function saveSettings(
  workspaceId: number,
  { webhooks, ...fields }: z.output<typeof workspaceFieldsSchema>,
): Promise<Workspace> {
  // A flag that is null or blank stays as it is.
  const settings = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  if (webhooks) {
    const urls = await checkHookLines(webhooks);
    await replaceHooks(partition.workspace(workspaceId), urls, settings);
  }
  const isWritten = webhooks !== undefined || Object.keys(settings).length === 0;
  return isWritten ? readWorkspace(workspaceId) : updateWorkspace(workspaceId, settings);
}

/** Changes the settings that were sent. `webhooks` replaces the whole list. Responds 200 with all settings. */
export const save = handle(endpoints.save, async ({ workspaceId, body }) => {
  if (Object.keys(body).length === 0) {
    const names = Object.keys(workspaceFieldsSchema.shape).join(', ');
    throw invalidFields({ body: [`must contain at least one of ${names}`] });
  }
  return { status: 200, body: await withHooks(await saveSettings(workspaceId, body)) };
});

/** What `aws lambda invoke` prints: the id and the key, which are shown once, or what to change. */
export type CreatedWorkspace = { id: number; key: string } | { error: string; code: string };

/**
 * Creates a workspace, or with `workspace_id` an additional key for one. Only IAM can invoke it, because it has no
 * route. The key is shown in this response and never again. Repeating a call with the same chosen key changes nothing.
 */
export async function create(request: unknown): Promise<CreatedWorkspace> {
  try {
    const { name, key = generateApiKey(), workspace_id } = parseBody(newWorkspaceSchema, request ?? {});
    return { id: await openWorkspace(key, name, workspace_id), key };
  } catch (error) {
    if (error instanceof ClientError) return { error: error.message, code: error.code };
    throw error;
  }
}
