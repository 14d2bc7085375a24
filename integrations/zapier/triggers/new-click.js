import { call, workspaceOf } from '../api/call.js';
import { isNotFound } from '../api/failures.js';
import { CLICK_FIELDS, CLICK_SAMPLE, clickOfExport, clickOfPayload } from '../shapes/click.js';
import { linkField, SEARCH_FIELD } from '../shapes/link.js';

/** The most clicks that Zapier shows while a user builds a Zap. */
const MOST_SAMPLES = 10;
/** Looks for clicks of today first, then further back. */
const SPANS_DAYS = [0, 7, 30];
const DAY_MS = 24 * 60 * 60 * 1_000;

const PEOPLE_ONLY = {
  key: 'people_only',
  label: 'People only',
  type: 'boolean',
  default: 'true',
  required: false,
  helpText:
    'Leaves out clicks of bots, such as link previews. If your Zap posts the short link to a chat, leave this on: the chat opens the link for a preview, and each preview would start the Zap again.',
};

/** Zapier sends a boolean, or the text that the user has mapped. */
const isOn = (value) => value === true || String(value ?? '').toLowerCase() === 'true';
const peopleOnly = ({ inputData }) => isOn(inputData.people_only);

/** The webhooks that a Zap of this trigger belongs to: those of a link or of the workspace. */
async function hooksPath(z, bundle) {
  const { link_id } = bundle.inputData;
  if (link_id !== undefined) return `/link/${encodeURIComponent(link_id)}/webhooks`;
  return `/workspace/${(await workspaceOf(z, bundle)).id}/webhooks`;
}

/** Subscribes the URL of a Zap that was turned on. Zapier keeps the result for `unsubscribe`. */
async function subscribe(z, bundle) {
  const path = await hooksPath(z, bundle);
  const { hook_id } = await call(z, bundle, path, { method: 'POST', body: { url: bundle.targetUrl } });
  return { hook_id, path };
}

/** Deletes the webhook of a Zap that was turned off. */
async function unsubscribe(z, bundle) {
  const { hook_id, path } = bundle.subscribeData;
  try {
    return await call(z, bundle, `${path}/${hook_id}`, { method: 'DELETE' });
  } catch (error) {
    // The link or the webhook was deleted in Clickhook, so there is nothing left to delete.
    if (isNotFound(error)) return { hook_id };
    throw error;
  }
}

/** The click of a delivery, or nothing if the Zap leaves it out. */
function perform(_z, bundle) {
  const click = clickOfPayload(bundle.cleanedRequest);
  return click.is_bot && peopleOnly(bundle) ? [] : [click];
}

/** The link of a click in an export. A link that no longer exists has only its id. */
async function linkOf(z, bundle, id) {
  try {
    return await call(z, bundle, `/link/${id}`);
  } catch (error) {
    if (isNotFound(error)) return { id };
    throw error;
  }
}

/**
 * Clicks of the last days, newest first, as `perform` returns them: Zapier shows them while a user builds a Zap. An
 * export starts with the oldest click, so on a day with many clicks these are not the latest.
 */
async function performList(z, bundle) {
  const { id } = await workspaceOf(z, bundle);
  const { link_id } = bundle.inputData;
  const [now, params] = [Date.now(), { page_size: 1_000, bots: peopleOnly(bundle) ? 'exclude' : 'include' }];
  if (link_id !== undefined) params.link_id = link_id;
  const day = (daysAgo) => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);
  let exported = [];
  for (const days of SPANS_DAYS) {
    const span = { start: day(days), end: day(0) };
    exported = await call(z, bundle, `/workspace/${id}/clicks/export`, { params: { ...params, ...span } });
    if (exported.length > 0) break;
  }
  const newest = exported.slice(-MOST_SAMPLES).reverse();
  const ids = [...new Set(newest.map((click) => click.link_id))];
  const links = new Map(await Promise.all(ids.map(async (one) => [one, await linkOf(z, bundle, one)])));
  return newest.map((click) => clickOfExport(click, links.get(click.link_id)));
}

const operation = (inputFields) => ({
  type: 'hook',
  inputFields,
  performSubscribe: subscribe,
  performUnsubscribe: unsubscribe,
  perform,
  performList,
  sample: CLICK_SAMPLE,
  outputFields: CLICK_FIELDS,
});

/** Starts a Zap with each click on one link. */
export const newClickOnLink = {
  key: 'new_click_on_link',
  noun: 'Click',
  display: {
    label: 'New Click on a Link',
    description: 'Triggers when someone clicks a certain short link.',
  },
  operation: operation([SEARCH_FIELD, linkField('The short link whose clicks start the Zap.'), PEOPLE_ONLY]),
};

/** Starts a Zap with each click on any link of the workspace. */
export const newClickInWorkspace = {
  key: 'new_click_in_workspace',
  noun: 'Click',
  display: {
    label: 'New Click in a Workspace',
    description: 'Triggers when someone clicks any short link of your workspace.',
  },
  operation: operation([PEOPLE_ONLY]),
};
