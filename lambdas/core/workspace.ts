/** Settings of a workspace, as stored: all that redirect may read of it. */
export type Workspace = { id: number; name: string; inserted_at: string };

/** The workspace as the API answers it. */
export function publicWorkspace({ id, name }: Workspace) {
  return { id, name };
}
