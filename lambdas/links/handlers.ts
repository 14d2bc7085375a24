import { handle } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { links } from './endpoints.ts';
import { exportLinks } from './export.ts';
import { listLinks } from './list.ts';
import { saveMany, trashMany } from './many.ts';
import { checkLink, saveLink, withHooks } from './save.ts';
import { readLink, trashLink } from './store.ts';

const { endpoints } = links;

/** Creates a link, or changes the fields that were sent if the body contains an `id`. An array saves many links. */
export const save = handle(endpoints.save, async (call) => {
  const { workspaceId, sent } = call;
  if (Array.isArray(sent)) return saveMany(call, sent);
  return { status: 200, body: await saveLink(workspaceId, await checkLink(workspaceId, sent)) };
});

/** The link with the URLs of its webhooks. */
export const get = handle(endpoints.get, async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  return { status: 200, body: await withHooks(link) };
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

/** Moves the link to the trash, where it keeps its slug. */
const remove = handle(endpoints.delete, async ({ workspaceId, path }) => {
  const link = await trashLink(workspaceId, parseId(path.link_id));
  return { status: 200, body: `Moved link ${link.id} to the trash.` };
});

// The handlers have the names of their endpoints, and these two are reserved words.
export { exportSome as export, remove as delete };
