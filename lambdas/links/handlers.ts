import { handle } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { links } from './endpoints.ts';
import { exportLinks } from './export.ts';
import { listLinks } from './list.ts';
import { restoreMany, trashMany } from './move-many.ts';
import { changeLink, checkLink, saveLink } from './save.ts';
import { saveMany } from './save-many.ts';
import { trashLink } from './store.ts';
import { wholeLink } from './whole-link.ts';

const { endpoints } = links;

/** Creates a link, or changes the fields that were sent if the body contains an `id`. An array saves many links. */
export const save = handle(endpoints.save, async (call) => {
  const { workspaceId, sent } = call;
  if (Array.isArray(sent)) return saveMany(call, sent);
  return { status: 200, body: await saveLink(workspaceId, await checkLink(workspaceId, sent)) };
});

/** Changes the fields that were sent of the link that the path names. */
export const update = handle(endpoints.update, async ({ workspaceId, path, sent }) => {
  return { status: 200, body: await changeLink(workspaceId, parseId(path.link_id), sent) };
});

/** The link with the URLs of its webhooks and its counts. */
export const get = handle(endpoints.get, async ({ workspaceId, path }) => {
  return { status: 200, body: await wholeLink(workspaceId, parseId(path.link_id)) };
});

/** A page of the workspace's links, newest first by default. */
export const list = handle(endpoints.list, async ({ workspaceId, query }) => {
  return { status: 200, body: await listLinks(workspaceId, query) };
});

/** Links by id. If there are more, the header `x-next-cursor` contains the `cursor` of the next ones. */
const exportSome = handle(endpoints.export, async ({ workspaceId, query }) => {
  const { type, text, headers, after } = await exportLinks(workspaceId, query);
  const next: Record<string, string> = after === undefined ? {} : { 'x-next-cursor': String(after) };
  return { status: 200, headers: { ...headers, ...next }, type, text };
});

/** Moves links to the trash. */
export const deleteMany = handle(endpoints.deleteMany, (call) => trashMany(call, call.body.ids));

/** Restores links from the trash. */
export const restore = handle(endpoints.restore, (call) => restoreMany(call, call.body.ids));

/** Moves the link to the trash, where it keeps its slug. */
const remove = handle(endpoints.delete, async ({ workspaceId, path }) => {
  const link = await trashLink(workspaceId, parseId(path.link_id));
  return { status: 200, body: `Moved link ${link.id} to the trash.` };
});

// The handlers have the names of their endpoints, and these two are reserved words.
export { exportSome as export, remove as delete };
