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

/** Most hooks of one link or one workspace. */
export const MAX_HOOKS_PER_OWNER = 25;
