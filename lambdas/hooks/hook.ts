import { createHash } from 'node:crypto';
import * as z from 'zod';
import { lines, trimmedUrl } from '../text.ts';

// The schema of a webhook. It only checks text. check.ts checks the host of a URL when a webhook is saved.

/** A webhook of an owner (a link or a workspace, identified by its partition key). */
export type Hook = { hook_id: string; url: string; created_at: string };

/** The most webhooks of one link or one workspace. */
export const MAX_HOOKS_PER_OWNER = 25;

/** The most characters of a webhook URL. */
export const MAX_HOOK_URL_LENGTH = 2_048;

/**
 * Normalises the URL of a webhook: removes the fragment, an empty query and the dot at the end of the host, which make
 * no difference to a delivery. The URL parser has normalised the rest (case of the host, default port). Text that is
 * not a URL stays as it is. Path, trailing slash and query stay, because they may name another receiver.
 */
export function hookUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.hostname = url.hostname.replace(/\.$/, '');
  url.hash = '';
  // An empty query leaves its question mark. Setting it to the empty string removes that too.
  if (url.search === '') url.search = '';
  return url.href;
}

/** Removes duplicates: of several stored spellings of one URL, only the first stays. */
export function distinctHooks<H extends { url: string }>(hooks: H[]): H[] {
  const first = new Map<string, H>();
  for (const hook of hooks) {
    const url = hookUrl(hook.url);
    if (!first.has(url)) first.set(url, hook);
  }
  return [...first.values()];
}

/** The opaque id of a webhook. The same owner and URL always have the same id, however the URL is spelled. */
export function hookId(owner: string, url: string): string {
  return createHash('sha256')
    .update(`${owner}\n${hookUrl(url)}`)
    .digest('hex')
    .slice(0, 32);
}

/** The webhook in responses of the API. Existing clients expect the URL as `id`. */
export function publicHook(hook: Hook) {
  return { id: hook.url, hook_id: hook.hook_id, url: hook.url, created_at: hook.created_at };
}

/** A line of a list. People often end lines with a comma or a semicolon, which is then not part of the URL. */
const withoutSeparator = (line: string) => trimmedUrl(trimmedUrl(line).replace(/[,;]+$/, ''));

/**
 * Webhooks as links and workspaces accept them: a list of URLs, or text with one URL per line. Returns the lines. It is
 * a function, so that the bundle of deliver leaves it out.
 */
export const hookLines = () =>
  z
    .union(
      [z.string(), z.array(z.string().optional()), z.null()],
      'must be a list of URLs, or text with one URL per line',
    )
    .transform((value) => lines(value ?? []).map(withoutSeparator));
