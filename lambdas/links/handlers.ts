import { handle } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { links } from './endpoints.ts';
import { exportLinks } from './export.ts';
import { listLinks } from './list.ts';
import { saveMany, trashMany } from './many.ts';
import { checkLink, saveLink, withHooks } from './save.ts';
import { readLink, trashLink } from './store.ts';

const { endpoints } = links;

/** Creates a link, or with `id` in the body changes the fields sent. An array saves many. */
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

/** A page of the workspace's links, newest first unless sorted otherwise. */
export const list = handle(endpoints.list, async ({ workspaceId, query }) => {
  return { status: 200, body: await listLinks(workspaceId, query) };
});

/** Links by id. When there are more, the header `x-next-cursor` says what to send as `cursor` for the next ones. */
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

// The names of handlers are those of their endpoints, and these two are words of the language.
export { exportSome as export, remove as delete };
