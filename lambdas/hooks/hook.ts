import { createHash } from 'node:crypto';
import * as z from 'zod';
import { lines, trimmedUrl } from '../text.ts';

// The schema of a webhook. It only checks text: the host of a URL is checked in check.ts, when a webhook is saved.

/** A webhook of an owner (a link or a workspace, named by its partition key). */
export type Hook = { hook_id: string; url: string; created_at: string };

/** Most webhooks of one link or one workspace. */
export const MAX_HOOKS_PER_OWNER = 25;

/** Most characters of a webhook URL. */
export const MAX_HOOK_URL_LENGTH = 2_048;

/**
 * The one spelling of a webhook's URL: without fragment, empty query and the dot at the end of its host, none of
 * which is part of what is posted to. The URL parser has done the rest (case of the host, default port). What is no
 * URL stays as it is. Path, trailing slash and query stay: they may name another receiver.
 */
export function hookUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.hostname = url.hostname.replace(/\.$/, '');
  url.hash = '';
  // What is left of an empty query is its question mark, and setting it to nothing removes that too.
  if (url.search === '') url.search = '';
  return url.href;
}

/** One of each webhook, the first: URLs that were stored in several spellings are one. */
export function distinctHooks<H extends { url: string }>(hooks: H[]): H[] {
  const first = new Map<string, H>();
  for (const hook of hooks) {
    const url = hookUrl(hook.url);
    if (!first.has(url)) first.set(url, hook);
  }
  return [...first.values()];
}

/** The opaque id of a webhook: the same owner and URL, however it is spelt, always give the same one. */
export function hookId(owner: string, url: string): string {
  return createHash('sha256')
    .update(`${owner}\n${hookUrl(url)}`)
    .digest('hex')
    .slice(0, 32);
}

/** The webhook as the API answers it; existing clients expect the URL as `id`. */
export function publicHook(hook: Hook) {
  return { id: hook.url, hook_id: hook.hook_id, url: hook.url, created_at: hook.created_at };
}

/** A line of a list. People end lines with a comma or a semicolon, which is no part of a URL then. */
const withoutSeparator = (line: string) => trimmedUrl(trimmedUrl(line).replace(/[,;]+$/, ''));

/**
 * Webhooks as links and workspaces take them: a list of URLs, or a text with one per line. Gives the lines. It is a
 * function, so that the bundle of deliver leaves it out.
 */
export const hookLines = () =>
  z
    .union(
      [z.string(), z.array(z.string().optional()), z.null()],
      'must be a list of URLs, or a text with one URL per line',
    )
    .transform((value) => lines(value ?? []).map(withoutSeparator));
